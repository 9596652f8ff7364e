//! The page itself, out of its template and what a host says.

use std::borrow::Cow;

use html_escape::encode_quoted_attribute as escape;

use super::logo::Picture;
use super::template::{self, Unknown};
use super::templates::{FOOTER, HEAD, HEADER, INDEX, PARTS};
use super::{Assets, Page};
use crate::client::{self, About};
use crate::error::Result;
use crate::listing::{ALL_DAYS, List, all_days};

/// The name of our own page in the client.
pub const PAGE: &str = "index.html";

/// What a page is made of.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The client's hash.
    pub client: &'a str,
    /// What is said of the collection.
    pub about: &'a About<'a>,
    /// Where the page's own files lie.
    pub assets: &'a Assets,
}

impl Sheet<'_> {
    /// Makes the page of our own template `ours`.
    pub fn page(&self, ours: &str) -> Result<String> {
        let own = &self.about.page.templates;
        let ours = client::translated(ours, &self.about.page.lang);
        let (frame, parts) = template::parts(&ours, &PARTS);
        let frame = own.get(INDEX).unwrap_or(&frame);
        let whole = template::fill(frame, &mut |word| {
            let Some(part) = parts.get(word) else {
                return Ok(self.value(word));
            };
            let theirs = match word {
                "HEADER" => own.get(HEADER),
                "FOOTER" => own.get(FOOTER),
                _ => None,
            };
            let mut text = match theirs {
                Some(theirs) => self.lines(theirs)?,
                None => self.filled(part)?,
            };
            if let Some(more) = own.get(HEAD).filter(|_| word == "HEAD") {
                text.push_str(&self.lines(more)?);
            }
            Ok(Some(Cow::Owned(text)))
        });
        // A host's own words were looked at when they were read, so this one is ours.
        whole.map_err(|unknown| client::not_known(PAGE, &unknown))
    }

    fn filled(&self, text: &str) -> Result<String, Unknown> {
        template::fill(text, &mut |word| Ok(self.value(word)))
    }

    /// What the start page lists, its headings in the page's language.
    fn list(&self) -> String {
        let lang = &self.about.page.lang;
        let list = List::ALL
            .iter()
            .fold(self.about.list.to_owned(), |html, list| {
                let heading = lang.say(list.heading());
                html.replace(&list.head(), &format!("<h2>{heading}</h2>"))
            });
        list.replace(&all_days(ALL_DAYS), &all_days(lang.say(ALL_DAYS)))
    }

    /// Loads the script's texts in the page's language beside it.
    fn texts(&self) -> String {
        let module = self.about.page.lang.module();
        let link = |module| {
            let client = self.client;
            format!("<link rel=\"modulepreload\" href=\"client/{client}/{module}\">\n")
        };
        module.map(link).unwrap_or_default()
    }

    /// A file's text with one line's end at its end.
    fn lines(&self, text: &str) -> Result<String, Unknown> {
        Ok(format!("{}\n", self.filled(text)?.trim_end()))
    }

    /// What a word stands for, as markup.
    fn value(&self, word: &str) -> Option<Cow<'_, str>> {
        let (about, page) = (self.about, self.about.page);
        Some(match word {
            "TITLE" => escape(about.title),
            "DESCRIPTION" => escape(about.description),
            "PAPERS" => about.papers.to_string().into(),
            // What search engines show where nothing else is said.
            "SUMMARY" if about.description.is_empty() => escape(about.title),
            "SUMMARY" => escape(about.description),
            "LIST" => self.list().into(),
            "LANG" => escape(&page.lang.tag),
            "DIR" => page.lang.direction().into(),
            "CLIENT" => self.client.into(),
            "BUILD" => about.build.into(),
            "STYLE" => self.assets.style.as_str().into(),
            "VERSION" => env!("CARGO_PKG_VERSION").into(),
            "LOGO" => logo(page, self.assets).into(),
            "TEXTS" => self.texts().into(),
            "META" => meta(about, self.assets).into(),
            "ATTRIBUTES" => attributes(page).into(),
            _ => return None,
        })
    }
}

/// The logo, in front of the title it belongs to.
fn logo(page: &Page, assets: &Assets) -> String {
    let (Some(logo), Some(light)) = (&page.logo, &assets.logo) else {
        return String::new();
    };
    let image = format!(
        "<img class=\"logo\" src=\"{}\" alt=\"{}\">",
        escape(light),
        escape(&logo.alt)
    );
    match &assets.dark_logo {
        Some(dark) => format!(
            "<picture><source srcset=\"{}\" media=\"(prefers-color-scheme: dark)\">{image}</picture>",
            escape(dark)
        ),
        None => image,
    }
}

/// What needs the page's own address: nothing where it is not known.
fn meta(about: &About<'_>, assets: &Assets) -> String {
    let Some(base) = &about.page.base_url else {
        return String::new();
    };
    let mut html = format!(
        "<link rel=\"canonical\" href=\"{}\">\n",
        escape(base.as_str())
    );
    let mut property = |name: &str, content: &str| {
        if !content.is_empty() {
            let content = escape(content);
            html.push_str(&format!(
                "<meta property=\"og:{name}\" content=\"{content}\">\n"
            ));
        }
    };
    property("type", "website");
    property("title", about.title);
    property("description", about.description);
    property("url", base.as_str());
    if let (Some(logo), Some(path)) = (&about.page.logo, &assets.logo) {
        let address = match &logo.light {
            Picture::Address(url) => Some(url.clone()),
            Picture::File { .. } => base.join(path).ok(),
        };
        if let Some(address) = address.filter(|_| logo.light.is_raster()) {
            property("image", address.as_str());
            property("image:alt", &logo.alt);
        }
    }
    html
}

/// Attributes of the element.
fn attributes(page: &Page) -> String {
    let mut text = String::new();
    if let Some(facets) = &page.facets {
        let facets = match facets.is_empty() {
            true => "off".to_owned(),
            false => facets.join(" "),
        };
        text.push_str(&format!(" filters=\"{facets}\""));
    }
    if let Some(fields) = &page.fields {
        text.push_str(&format!(" fields=\"{}\"", fields.join(" ")));
    }
    text
}

#[cfg(test)]
mod tests;
