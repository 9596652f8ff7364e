//! What can go wrong with a question.

use offprint_format::{BlockId, put_number};

/// Why there is no answer.
///
/// The texts are joined by hand, as those of the format's errors are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub enum Error {
    /// Index bytes cannot be read.
    Format(#[from] offprint_format::Error),
    /// The index was made by another analyzer, so its terms would not match the query's.
    Analyzer {
        /// Fingerprint in the manifest.
        found: u64,
        /// Fingerprint of this program.
        ours: u64,
    },
    /// The index points at a block that it does not have.
    NoSuchBlock(BlockId),
    /// There is no paper of this number.
    NoSuchPaper(u32),
    /// The question would take more than the limits allow.
    TooLarge,
}

/// Errors travel through the engine in boxes: every `?` on the way copies one, and the client is
/// 1.1 KB smaller where that is a pointer.
pub type Failed = Box<Error>;

impl From<offprint_format::Error> for Failed {
    fn from(error: offprint_format::Error) -> Failed {
        Box::new(Error::Format(error))
    }
}

#[inline(never)]
pub(crate) fn no_block(id: BlockId) -> Failed {
    Box::new(Error::NoSuchBlock(id))
}

#[inline(never)]
pub(crate) fn no_paper(doc: u32) -> Failed {
    Box::new(Error::NoSuchPaper(doc))
}

#[inline(never)]
pub(crate) fn too_large() -> Failed {
    Box::new(Error::TooLarge)
}

impl Error {
    /// What happened, for people.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Error::Format(error) => error.message(),
            Error::Analyzer { .. } => {
                "the index was made by another version of the text analyzer".to_owned()
            }
            Error::NoSuchBlock(block) => [
                "the index points at ",
                &block.name(),
                ", which it does not have",
            ]
            .concat(),
            Error::NoSuchPaper(doc) => {
                let mut text = "there is no paper number ".to_owned();
                put_number(&mut text, u64::from(*doc), 1);
                text
            }
            Error::TooLarge => "the index asks for more than one question may take".to_owned(),
        }
    }

    /// A stable word for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Format(offprint_format::Error::Version { .. }) | Error::Analyzer { .. } => {
                "version"
            }
            Error::Format(_) | Error::NoSuchBlock(_) | Error::TooLarge => "damaged",
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
                "Reload the page; if that does not help, build or upload the site again (`offprint verify` names every damaged file)."
            }
            _ => "Search again.",
        }
    }
}
