//! The program from outside: exit codes, what it prints, and what it leaves on disk.
//!
//! Whole sites need the browser client, which only `cargo xtask build` puts into the program, so
//! most of this builds with `--index-only`, which goes through all the same steps.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]

mod build;
mod damage;
mod days;
mod expansions;
mod layout;
mod page;
mod place;
mod search;
mod serve;
mod settings;
mod single;
