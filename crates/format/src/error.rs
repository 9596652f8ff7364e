//! What can be wrong with index bytes.

use crate::block::BlockId;

/// Why bytes could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The bytes are not an Offprint manifest at all.
    #[error("manifest.bin is not an Offprint manifest")]
    NotAManifest,
    /// The manifest is of a format that this program does not read.
    #[error("manifest.bin has format version {found}; this program reads version {supported}")]
    Version {
        /// Version in the manifest.
        found: u32,
        /// Version this program reads.
        supported: u32,
    },
    /// The manifest's bytes are damaged.
    #[error("manifest.bin is damaged: {0}")]
    Manifest(Fault),
    /// A block's bytes are damaged.
    #[error("{block} is damaged: {fault}")]
    Block {
        /// Which block.
        block: BlockId,
        /// What is wrong with it.
        fault: Fault,
    },
    /// A file's bytes are damaged.
    #[error("{path} is damaged: {fault}")]
    File {
        /// The file's path inside the site.
        path: String,
        /// What is wrong with it.
        fault: Fault,
    },
}

/// What is wrong with damaged bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The checksum does not fit the bytes.
    #[error("its checksum does not match")]
    Checksum,
    /// The bytes end early.
    #[error("it ends early")]
    Short,
    /// Bytes follow the end.
    #[error("it holds more than it should")]
    Long,
    /// A number is outside what the format allows.
    #[error("it holds an impossible value ({0})")]
    Value(&'static str),
    /// Text is not UTF-8.
    #[error("its text is not UTF-8")]
    Utf8,
    /// Compressed bytes do not inflate.
    #[error("it does not inflate")]
    Inflate,
    /// The term dictionary is malformed.
    #[error("its term dictionary is malformed")]
    Dictionary,
}
