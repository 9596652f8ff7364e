//! What can go wrong with a question.

use offprint_format::BlockId;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Index bytes cannot be read.
    #[error(transparent)]
    Format(#[from] offprint_format::Error),
    /// The index was made by another analyzer, so its terms would not match the query's.
    #[error(
        "the index was made by another version of the text analyzer ({found:016x}, here {ours:016x})"
    )]
    Analyzer {
        /// Fingerprint in the manifest.
        found: u64,
        /// Fingerprint of this program.
        ours: u64,
    },
    /// The index points at a block that it does not have.
    #[error("the index points at {0}, which it does not have")]
    NoSuchBlock(BlockId),
    /// There is no paper of this number.
    #[error("there is no paper number {0}")]
    NoSuchPaper(u32),
    /// The question would take more than the limits allow.
    #[error("the index asks for more than one question may take ({0})")]
    TooLarge(&'static str),
}

impl Error {
    /// A stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Format(offprint_format::Error::Version { .. }) | Error::Analyzer { .. } => {
                "version"
            }
            Error::Format(_) | Error::NoSuchBlock(_) | Error::TooLarge(_) => "damaged",
            Error::NoSuchPaper(_) => "query",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self.code() {
            "version" => {
                "Reload the page; if that does not help, build the site again with the same version of Offprint as its client."
            }
            "damaged" => {
                "Reload to fetch the file again; if that does not help, build or upload the site again (`offprint verify` names every damaged file)."
            }
            _ => "Search again.",
        }
    }
}
