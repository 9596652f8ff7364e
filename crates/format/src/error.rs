//! What can be wrong with index bytes.

use crate::block::BlockId;
use crate::bytes::put_number;

/// Why bytes could not be read.
///
/// The texts are joined by hand, here and in [`Error::message`]: the standard library's formatting
/// weighs 2 KB in the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub enum Error {
    /// The bytes are not an Offprint manifest at all.
    NotAManifest,
    /// The manifest is of a format that this program does not read.
    Version {
        /// Version in the manifest.
        found: u32,
        /// Version this program reads.
        supported: u32,
    },
    /// The manifest's bytes are damaged.
    Manifest(Fault),
    /// A block's bytes are damaged.
    Block {
        /// Which block.
        block: BlockId,
        /// What is wrong with it.
        fault: Fault,
    },
    /// A file's bytes are damaged.
    File {
        /// The file's path inside the site.
        path: String,
        /// What is wrong with it.
        fault: Fault,
    },
}

/// What is wrong with damaged bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub enum Fault {
    /// The checksum does not fit the bytes.
    Checksum,
    /// The bytes end early.
    Short,
    /// Bytes follow the end.
    Long,
    /// A number is outside what the format allows.
    Value(What),
    /// Text is not UTF-8.
    Utf8,
    /// Compressed bytes do not inflate.
    Inflate,
    /// The term dictionary is malformed.
    Dictionary,
}

/// Which number, where people are told: texts for each would take 1 KB of the client, and whoever
/// can mend an index is told by `offprint verify`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct What(#[cfg(not(target_arch = "wasm32"))] &'static str);

impl Error {
    /// What happened, for people.
    #[must_use]
    pub fn message(&self) -> String {
        match self {
            Error::NotAManifest => "manifest.bin is not an Offprint manifest".to_owned(),
            Error::Version { found, supported } => {
                let mut text = "manifest.bin has format version ".to_owned();
                put_number(&mut text, u64::from(*found), 1);
                text.push_str("; this program reads version ");
                put_number(&mut text, u64::from(*supported), 1);
                text
            }
            Error::Manifest(fault) => damaged("manifest.bin", *fault),
            Error::Block { block, fault } => damaged(&block.name(), *fault),
            Error::File { path, fault } => damaged(path, *fault),
        }
    }
}

fn damaged(what: &str, fault: Fault) -> String {
    [what, " is damaged: ", &fault.message()].concat()
}

impl Fault {
    /// A number is outside what the format allows.
    #[cfg_attr(target_arch = "wasm32", expect(unused_variables))]
    #[must_use]
    pub fn value(what: &'static str) -> Fault {
        #[cfg(not(target_arch = "wasm32"))]
        return Fault::Value(What(what));
        #[cfg(target_arch = "wasm32")]
        Fault::Value(What())
    }

    /// What is wrong, for people.
    #[must_use]
    pub fn message(self) -> String {
        let text = match self {
            Fault::Checksum => "its checksum does not match",
            Fault::Short => "it ends early",
            Fault::Long => "it holds more than it should",
            #[cfg(not(target_arch = "wasm32"))]
            Fault::Value(What(what)) => {
                return ["it holds an impossible value (", what, ")"].concat();
            }
            #[cfg(target_arch = "wasm32")]
            Fault::Value(What()) => "it holds an impossible value",
            Fault::Utf8 => "its text is not UTF-8",
            Fault::Inflate => "it does not inflate",
            Fault::Dictionary => "its term dictionary is malformed",
        };
        text.to_owned()
    }
}
