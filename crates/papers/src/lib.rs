//! The paper model and the parsers of input formats.
//!
//! Pure: readers come in, papers and diagnostics go out; files are opened by the caller.
//! [`Collection`] is the way in for most: it takes inputs one after the other, merges what
//! they share and gives the papers with a [`Totals`]. [`read_input`] reads a single input.
//!
//! Lenient in: a record that cannot be read is skipped with a [`Diagnostic`] and costs no
//! other record; a field that cannot be read is dropped and the record stays.

#![deny(clippy::print_stdout, clippy::print_stderr, clippy::dbg_macro)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod bibtex;
mod clean;
mod code;
mod collection;
mod compression;
mod date;
mod detect;
mod diagnostic;
mod dump;
mod fold;
mod input;
mod json;
mod jsonl;
mod limits;
mod lines;
mod links;
mod packed;
mod paper;
mod people;
mod scratch;
mod stored;
mod weights;

pub use clean::{Cleaned, clean, clean_text};
pub use code::code_state;
pub use collection::{Collection, InputTotals, Measure, Totals};
pub use detect::{Format, detect};
pub use diagnostic::{Diagnostic, Place, Reason, Severity};
pub use input::{InputReport, Record, read_input};
pub use limits::Limits;
pub use links::{classify, safe_link};
pub use paper::{CodeState, Date, Link, LinkKind, Listing, Paper, Text};
pub use scratch::{MemoryScratch, Scratch, ScratchFile, Spool};
pub use stored::StoredPapers;
pub use weights::{Weights, WeightsReport, read_weights};
