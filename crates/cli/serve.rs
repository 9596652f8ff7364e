//! `offprint serve`.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch::{Sender, channel};

use crate::args::ServeArgs;
use crate::client::{self, About};
use crate::compile::{self, Plan};
use crate::error::{Failure, Result};
use crate::history::MANIFEST;
use crate::language::Tongue;
use crate::offline;
use crate::page::Page;
use crate::report::{self, BAD, GOOD, count};
use crate::server::{self, Base};
use crate::settings::Settings;
use crate::site::Draft;
use crate::watch::Watch;

/// The port that is tried first where none is given, and how many after it.
const FIRST_PORT: u16 = 8080;
const PORTS: u16 = 100;

/// What is served.
enum Subject {
    /// The sample that the program carries.
    Sample,
    /// A site that is there.
    Site(PathBuf),
    /// Papers to build a site from, and how.
    Papers(Box<Settings>),
}

/// Runs the command until it is interrupted, and gives its exit code.
pub fn run(args: &ServeArgs) -> Result<u8> {
    let base: Base = args.base.parse()?;
    let subject = subject(args)?;
    // Dropped when the server has stopped, and its files with it.
    let temporary = tempfile::Builder::new()
        .prefix("offprint-")
        .tempdir()
        .map_err(Failure::io("make a folder in", &std::env::temp_dir()))?;
    let (changes, builds) = channel(String::new());
    let (root, what) = match &subject {
        Subject::Sample => {
            write_sample(temporary.path(), args.about.lang.clone())?;
            (
                temporary.path(),
                format!("a sample of {}", papers(client::SAMPLE_PAPERS as u64)),
            )
        }
        Subject::Site(folder) => (folder.as_path(), folder.display().to_string()),
        Subject::Papers(settings) => {
            report::tell_notes(&settings.notes);
            let built = build(settings, temporary.path())?;
            changes.send_replace(built.id);
            (temporary.path(), papers(built.papers))
        }
    };
    let watch = match &subject {
        Subject::Papers(settings) if !args.no_watch => watch(args, settings, &temporary, changes),
        _ => None,
    };
    let site = server::Settings {
        root: root.to_owned(),
        base,
        policy: !args.no_csp,
        shared: args.cors,
        reload: watch.is_some().then_some(builds),
    };
    let watched = watch.is_some();
    let runtime =
        tokio::runtime::Runtime::new().map_err(Failure::io("start", Path::new("the server")))?;
    let result = runtime.block_on(async {
        let listener = listen(args.host, args.port).await?;
        let address = listener
            .local_addr()
            .map_err(Failure::io("start", Path::new("the server")))?;
        let note = if watched {
            "; it is built again when they change"
        } else {
            ""
        };
        report::tell(&format!(
            "{GOOD}Serving{GOOD:#} {what}{note}. Ctrl-C stops it."
        ));
        report::show(&format!("http://{address}{}\n", site.base.path()))?;
        tokio::select! {
            ended = server::serve(listener, site) => ended,
            () = interrupted() => Ok(()),
        }
    });
    // Pages keep connections open to hear of changes; those do not hold the program up.
    runtime.shutdown_background();
    drop(watch);
    result.map(|()| 0)
}

fn papers(number: u64) -> String {
    count(number, "paper")
}

fn subject(args: &ServeArgs) -> Result<Subject> {
    let is_site = |input: &&PathBuf| input.join(MANIFEST).is_file();
    match args.inputs.as_slice() {
        [folder] if is_site(&folder) => return Ok(Subject::Site(folder.clone())),
        inputs => {
            if let Some(site) = inputs.iter().find(is_site) {
                return Err(Failure::usage(
                    format!(
                        "{} is a site, and sites are served one at a time",
                        site.display()
                    ),
                    "give just one site, or only papers",
                ));
            }
        }
    }
    let settings = Settings::read(&args.inputs, &args.about)?;
    if !settings.inputs.is_empty() {
        return Ok(Subject::Papers(Box::new(settings)));
    }
    match settings.parts.is_empty() {
        true => Ok(Subject::Sample),
        // There is a file, so nobody means the sample.
        false => Err(settings.no_papers()),
    }
}

/// Writes the sample's site.
fn write_sample(root: &Path, lang: Option<Tongue>) -> Result<()> {
    client::require()?;
    let page = Page {
        lang: lang.unwrap_or_default(),
        ..Page::default()
    };
    let about = About {
        title: client::SAMPLE_TITLE,
        description: client::SAMPLE_DESCRIPTION,
        papers: client::SAMPLE_PAPERS,
        list: client::SAMPLE_LIST,
        build: "",
        page: &page,
    };
    let mut draft = Draft::open(root, false)?;
    for (path, bytes) in client::SAMPLE {
        draft.put(path, bytes).map_err(Failure::io("write", root))?;
    }
    let manifest = client::SAMPLE.iter().find(|(path, _)| *path == MANIFEST);
    let manifest = manifest.map_or(&[][..], |(_, bytes)| bytes);
    offline::put_client(&mut draft, root, &about, manifest)?;
    draft.finish(0)?;
    Ok(())
}

struct Built {
    id: String,
    papers: u64,
}

fn build(settings: &Settings, out: &Path) -> Result<Built> {
    let plan = Plan {
        inputs: &settings.inputs,
        out,
        single: None,
        title: &settings.title,
        description: &settings.description,
        strict: false,
        keep: 1,
        force: false,
        index_only: false,
        expansions: settings.expansions.as_deref(),
        neighbours: settings.neighbours,
        topics: settings.topics,
        layout: settings.layout,
        memory: compile::MEMORY,
        page: &settings.page,
        quiet: false,
    };
    let outcome = compile::compile(&plan)?;
    report::tell_diagnostics(&outcome.diagnostics, outcome.summary.diagnostics_omitted);
    Ok(Built {
        id: outcome.summary.build.unwrap_or_default(),
        papers: outcome.summary.papers,
    })
}

/// Builds again whenever papers or settings change. Where the system cannot watch, the site is
/// served as it is.
fn watch(
    args: &ServeArgs,
    settings: &Settings,
    temporary: &TempDir,
    changes: Sender<String>,
) -> Option<Watch> {
    if settings.inputs.iter().any(|input| input.as_os_str() == "-") {
        return None;
    }
    let (inputs, about) = (args.inputs.clone(), args.about.clone());
    let out = temporary.path().to_owned();
    let target = out.clone();
    let again =
        move || Settings::read(&inputs, &about).and_then(|settings| build(&settings, &target));
    let changed = move || match again() {
        Ok(built) => {
            report::tell(&format!("Built again with {}", papers(built.papers)));
            changes.send_replace(built.id);
        }
        Err(failure) => report::tell(&format!(
            "{BAD}not built again{BAD:#}: {failure}; the site is served as it was"
        )),
    };
    let watched = [settings.inputs.as_slice(), &settings.parts].concat();
    match Watch::start(&watched, &out, changed) {
        Ok(watch) => Some(watch),
        Err(error) => {
            report::tell(&format!("cannot watch the papers for changes: {error}"));
            None
        }
    }
}

async fn listen(host: IpAddr, port: Option<u16>) -> Result<TcpListener> {
    let first = port.unwrap_or(FIRST_PORT);
    let mut error = None;
    for port in first..=port.unwrap_or(FIRST_PORT + PORTS) {
        match TcpListener::bind(SocketAddr::new(host, port)).await {
            Ok(listener) => return Ok(listener),
            Err(refused) => error = Some(refused),
        }
    }
    let why = error.map(|error| format!(": {error}")).unwrap_or_default();
    Err(Failure::advice(
        format!("cannot listen at {}{why}", SocketAddr::new(host, first)),
        "give another --port, or --port 0 for any free one",
    ))
}

/// Comes back when the user wants the program to end.
async fn interrupted() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
