//! How a site's page looks, and what it says of itself beyond its title.

mod accent;
mod html;
mod logo;
mod template;
mod templates;

use std::borrow::Cow;

use url::Url;

pub use self::accent::{Accent, colour, hex};
pub use self::html::{PAGE, Sheet};
pub use self::logo::{Logo, Picture};
pub use self::template::{Unknown, fill};
pub use self::templates::{STYLE, Templates};
use crate::language::Tongue;
use crate::listing::Home;
use crate::sums;

/// Fields that a result line can show.
pub const FIELDS: [&str; 5] = ["authors", "venue", "date", "code", "categories"];
/// Fields that readers can filter by.
pub const FACETS: [&str; 6] = ["year", "topic", "category", "venue", "author", "code"];

/// What a host says of the page. The default is our own page as it stands.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Its language.
    pub lang: Tongue,
    /// Where it will lie, ending in `/`.
    pub base_url: Option<Url>,
    /// Colour of links.
    pub accent: Option<Accent>,
    /// Picture above the title.
    pub logo: Option<Logo>,
    /// What result lines show.
    pub fields: Option<Vec<&'static str>>,
    /// What readers can filter by; nothing if empty.
    pub facets: Option<Vec<&'static str>>,
    /// What the start page lists.
    pub home: Home,
    /// The host's own files.
    pub templates: Templates,
}

/// Files that this page has beside those of every site, and where they lie.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// Path in the site and bytes.
    pub files: Vec<(String, Vec<u8>)>,
    /// Path of the page's style sheet.
    pub style: String,
    /// Path or address of the logo.
    pub logo: Option<String>,
    /// The same for dark pages.
    pub dark_logo: Option<String>,
}

impl Page {
    /// What is added to the page's style sheet.
    fn css(&self) -> String {
        let mut css = String::new();
        if let Some(accent) = &self.accent {
            css.push_str(&accent.css());
        }
        if self.logo.is_some() {
            css.push_str(logo::CSS);
        }
        css.push_str(self.templates.get(STYLE).unwrap_or_default());
        css
    }

    /// The files of this page. They lie in a folder that is named by what they hold, as those of
    /// the client do, so that a browser need ask for them only once.
    pub fn assets(&self, client: &str, style: &[u8]) -> Assets {
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        let css = self.css();
        if !css.is_empty() {
            let mut all = style.to_vec();
            all.push(b'\n');
            all.extend_from_slice(css.as_bytes());
            files.push(("page.css".to_owned(), all));
        }
        let mut picture = |name: &str, picture: &Picture| match picture {
            Picture::Address(url) => Cow::Owned(url.to_string()),
            Picture::File { ending, bytes, .. } => {
                let name = format!("{name}.{ending}");
                files.push((name.clone(), bytes.clone()));
                Cow::Owned(name)
            }
        };
        let logo = self.logo.as_ref().map(|logo| picture("logo", &logo.light));
        let dark = self.logo.as_ref().and_then(|logo| logo.dark.as_ref());
        let dark = dark.map(|dark| picture("logo-dark", dark));
        let names: String = files
            .iter()
            .map(|(name, bytes)| format!("{} {name}\n", sums::digest(bytes)))
            .collect();
        let digest = sums::digest(names.as_bytes());
        let folder = format!("client/{}", digest.get(..16).unwrap_or(&digest));
        let place = |name: Cow<'_, str>| match files.iter().any(|(file, _)| *file == name) {
            true => format!("{folder}/{name}"),
            false => name.into_owned(),
        };
        Assets {
            style: match css.is_empty() {
                true => format!("client/{client}/page.css"),
                false => format!("{folder}/page.css"),
            },
            logo: logo.map(place),
            dark_logo: dark.map(place),
            files: files
                .iter()
                .map(|(name, bytes)| (format!("{folder}/{name}"), bytes.clone()))
                .collect(),
        }
    }
}

/// Reads the address that a site will have.
pub fn base_url(text: &str) -> Result<Url, String> {
    let bad = || "give the whole address of the site’s folder, such as https://example.org/papers/";
    let mut url = Url::parse(text).map_err(|_| bad())?;
    let plain = url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    if !matches!(url.scheme(), "http" | "https") || !plain || !url.has_host() {
        return Err(bad().to_owned());
    }
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}
