//! The page in real browsers: `cargo test --test browsers`, by default in every engine that is found.
//!
//! - `OFFPRINT_BROWSERS=chromium,firefox,webkit` chooses engines;
//! - `OFFPRINT_REQUIRE=1` makes whatever is missing a failure instead of an ignored test;
//! - `OFFPRINT_SHARED` names the folder with the seed collection;
//! - `OFFPRINT_SCREENSHOTS` names a folder for pictures of what readers see.

mod support;

#[path = "browsers"]
mod tests {
    pub mod accessible;
    pub mod behaviour;
    pub mod bytes;
    pub mod citations;
    pub mod days;
    pub mod embed;
    pub mod examples;
    pub mod failures;
    pub mod filters;
    pub mod golden;
    pub mod harness;
    pub mod hosted;
    pub mod hostile;
    pub mod lists;
    pub mod lists_files;
    pub mod lists_links;
    pub mod lists_storage;
    pub mod networks;
    pub mod offline;
    pub mod origins;
    pub mod packs;
    pub mod panel;
    pub mod places;
    pub mod single;
    pub mod suggestions;
    pub mod widget;
    pub mod wishes;
}

use std::process::ExitCode;
use tests::{
    accessible, behaviour, bytes, citations, days, embed, examples, failures, filters, golden,
    harness, hosted, hostile, lists, lists_files, lists_links, lists_storage, networks, offline,
    origins, packs, panel, places, single, suggestions, widget, wishes,
};

fn main() -> ExitCode {
    let mut cases = harness::cases();
    cases.extend(golden::cases());
    cases.extend(behaviour::cases());
    cases.extend(filters::cases());
    cases.extend(panel::cases());
    cases.extend(places::cases());
    cases.extend(suggestions::cases());
    cases.extend(citations::cases());
    cases.extend(lists::cases());
    cases.extend(days::cases());
    cases.extend(lists_files::cases());
    cases.extend(lists_links::cases());
    cases.extend(lists_storage::cases());
    cases.extend(failures::cases());
    cases.extend(networks::cases());
    cases.extend(hostile::cases());
    cases.extend(hosted::cases());
    cases.extend(packs::cases());
    cases.extend(single::cases());
    cases.extend(offline::cases());
    cases.extend(embed::cases());
    cases.extend(widget::cases());
    cases.extend(origins::cases());
    cases.extend(examples::cases());
    cases.extend(wishes::cases());
    cases.extend(accessible::cases());
    // The longest have a browser of their own. Apart from each other, so that none waits for it, and
    // early, so that the others run beside them.
    let long = bytes::cases();
    let apart = cases.len() / (long.len() + 1);
    for (place, case) in long.into_iter().enumerate() {
        cases.insert(place * apart, case);
    }
    support::runner::main(cases)
}
