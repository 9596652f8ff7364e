//! The server behind `offprint serve`: a site's files as a careful static host sends them.

use std::path::PathBuf;
use std::str::FromStr;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch::Receiver;
use tokio_stream::wrappers::WatchStream;
use tokio_stream::{Stream, StreamExt};
use tower_http::compression::CompressionLayer;
use tower_http::services::ServeDir;

use crate::error::{Failure, Result};
use crate::history::keeps_name;

/// The strictest policy under which a site works.
const POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'");
/// For files that keep their names: ask again each time.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
/// For files whose path holds a hash of their content: a year, the most there is.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const NO_SNIFF: HeaderValue = HeaderValue::from_static("nosniff");
/// For pages of any origin, which send no cookies.
const ANYONE: HeaderValue = HeaderValue::from_static("*");
/// What those may read of answers besides the plain headers: where a part of a file stands.
const EXPOSED: HeaderValue = HeaderValue::from_static("Content-Range");

/// Reloads the page when another build is announced. A file of its own, so that a policy without
/// inline scripts lets it run.
const RELOAD: &str = "\
const events = new EventSource(new URL('events', document.currentScript.src));
let shown;
events.onmessage = (event) => {
  shown ??= event.data;
  if (event.data !== shown) location.reload();
};
";

/// The path below which a site lies; begins and ends with `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    /// The path.
    pub fn path(&self) -> &str {
        &self.0
    }

    /// The path without its last `/`; empty for the root.
    fn prefix(&self) -> &str {
        self.0.strip_suffix('/').unwrap_or_default()
    }
}

impl FromStr for Base {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self> {
        let inner = text.trim_matches('/');
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'~');
        let is_part = |part: &str| !matches!(part, "" | "." | "..") && part.bytes().all(plain);
        if inner.is_empty() {
            Ok(Self("/".to_owned()))
        } else if inner.split('/').all(is_part) {
            Ok(Self(format!("/{inner}/")))
        } else {
            Err(Failure::usage(
                format!("--base {text:?} is no path"),
                "give letters, digits, `-`, `_`, `.` and `~` between slashes, such as /papers/",
            ))
        }
    }
}

/// What to serve, and how.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The site's folder.
    pub root: PathBuf,
    /// Where it lies.
    pub base: Base,
    /// Whether to send a Content-Security-Policy.
    pub policy: bool,
    /// Whether pages of other origins may read it.
    pub shared: bool,
    /// Id of the current build, for pages to reload themselves.
    pub reload: Option<Receiver<String>>,
}

/// Serves until it is dropped.
pub async fn serve(listener: TcpListener, settings: Settings) -> Result<()> {
    axum::serve(listener, router(settings))
        .await
        .map_err(|error| Failure::advice(format!("the server failed: {error}"), "start it again"))
}

fn router(settings: Settings) -> Router {
    let base = settings.base.clone();
    let mut site = Router::new();
    if settings.reload.is_some() {
        site = site
            .route("/", get(page))
            .route("/index.html", get(page))
            .route("/__offprint/reload.js", get(reload_script))
            .route("/__offprint/events", get(events));
    }
    let site = site
        .fallback_service(ServeDir::new(&settings.root))
        .layer(CompressionLayer::new().gzip(true).compress_when(is_text))
        .layer(middleware::from_fn_with_state(settings.clone(), headers))
        .with_state(settings);
    if base.path() == "/" {
        return site;
    }
    let home = Redirect::temporary(base.path());
    Router::new()
        .route(
            "/",
            get({
                let home = home.clone();
                || async { home }
            }),
        )
        .route(base.prefix(), get(|| async { home }))
        .nest_service(base.path(), site)
}

/// Which answers are compressed: what hosts compress.
fn is_text(
    _: StatusCode,
    _: axum::http::Version,
    headers: &HeaderMap,
    _: &axum::http::Extensions,
) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    matches!(
        kind,
        "text/html" | "text/css" | "text/javascript" | "image/svg+xml"
    )
}

async fn headers(State(settings): State<Settings>, request: Request, next: Next) -> Response {
    let path = request.uri().path().trim_start_matches('/').to_owned();
    let mut response = next.run(request).await;
    let found = !response.status().is_client_error() && !response.status().is_server_error();
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, NO_SNIFF);
    let forever = found && !keeps_name(&path) && !path.starts_with("builds/");
    headers.insert(CACHE_CONTROL, if forever { FOREVER } else { ASK_AGAIN });
    if settings.policy {
        headers.insert(CONTENT_SECURITY_POLICY, POLICY);
    }
    if settings.shared {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANYONE);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
    response
}

/// The page with the script that reloads it. The service worker's copy is as it was built.
async fn page(State(settings): State<Settings>, headers: HeaderMap) -> Response {
    let Ok(html) = std::fs::read_to_string(settings.root.join("index.html")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    if headers
        .get("sec-fetch-dest")
        .is_some_and(|dest| dest == "empty")
    {
        return Html(html).into_response();
    }
    Html(with_reload(&html, settings.base.path())).into_response()
}

fn with_reload(html: &str, base: &str) -> String {
    let script = format!("<script src=\"{base}__offprint/reload.js\"></script>");
    match html.split_once("</head>") {
        Some((head, rest)) => format!("{head}{script}</head>{rest}"),
        None => format!("{html}{script}"),
    }
}

async fn reload_script() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, HeaderValue::from_static("text/javascript"))],
        RELOAD,
    )
}

async fn events(
    State(settings): State<Settings>,
) -> std::result::Result<Sse<impl Stream<Item = std::result::Result<Event, axum::Error>>>, StatusCode>
{
    let builds = settings.reload.ok_or(StatusCode::NOT_FOUND)?;
    let events = WatchStream::new(builds).map(|build| Ok(Event::default().data(build)));
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn bases_are_paths_between_slashes() {
        for (text, path, prefix) in [
            ("/", "/", ""),
            ("", "/", ""),
            ("papers", "/papers/", "/papers"),
            ("/a/b/", "/a/b/", "/a/b"),
        ] {
            let base: Base = text.parse().unwrap();
            assert_eq!((base.path(), base.prefix()), (path, prefix));
        }
        for text in ["/a//b/", "/../", "/a b/", "/{x}/", "/a/./b"] {
            assert!(text.parse::<Base>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_reload_script_goes_into_the_head() {
        let html = with_reload("<head><title>x</title></head><body></body>", "/a/");
        assert_eq!(
            html,
            "<head><title>x</title><script src=\"/a/__offprint/reload.js\"></script></head><body></body>"
        );
        assert!(with_reload("<p>x", "/").ends_with("</script>"));
    }
}
