//! What can go wrong, in words for people, and the exit codes.

use std::io;
use std::path::{Path, PathBuf};

use miette::Diagnostic;
use thiserror::Error;

use crate::config::Misread;

/// Exit codes. `offprint --help` lists them.
pub mod exit {
    /// An error, told on standard error.
    pub const ERROR: u8 = 1;
    /// The command line makes no sense.
    pub const USAGE: u8 = 2;
    /// `--strict` and at least one record was skipped.
    pub const STRICT: u8 = 3;
    /// `verify` found damage.
    pub const DAMAGE: u8 = 4;
}

/// An error that ends a command.
#[derive(Debug, Error, Diagnostic)]
pub enum Failure {
    /// The operating system refused.
    #[error("cannot {action} {}: {why}", path.display())]
    Io {
        /// A verb: "read", "write".
        action: &'static str,
        /// What it was done to.
        path: PathBuf,
        /// Why not.
        why: io::Error,
    },
    /// Anything else, with the way out.
    #[error("{message}")]
    #[diagnostic(help("{help}"))]
    Advice {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// As [`Failure::Advice`], for a command line that makes no sense.
    #[error("{message}")]
    #[diagnostic(help("{help}"))]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// A file of settings that makes no sense, shown where it does not.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Misread(#[from] Box<Misread>),
    /// Standard output was closed by its reader, as `head` does: not worth a word.
    #[error("standard output is closed")]
    Closed,
}

impl Failure {
    /// For `map_err` on what touches a file.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |why| Self::Io { action, path, why }
    }

    /// What is wrong and what to do.
    pub fn advice(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Advice {
            message: message.into(),
            help: help.into(),
        }
    }

    /// What is wrong with the command line and what to do.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
            help: help.into(),
        }
    }

    /// The exit code it leads to.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Io { .. } | Self::Advice { .. } | Self::Misread(_) => exit::ERROR,
            Self::Usage { .. } => exit::USAGE,
            Self::Closed => 0,
        }
    }
}

/// What most functions here give.
pub type Result<T, E = Failure> = std::result::Result<T, E>;
