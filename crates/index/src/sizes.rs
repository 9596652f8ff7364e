//! How an index is divided: small collections answer in few rounds, large ones in small pieces.

use offprint_format::limits;

/// Sizes of the parts of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Lists of up to so many postings stand inline in their term shard.
    pub inline_limit: u32,
    /// Words in a term shard.
    pub shard_words: usize,
    /// Frequent words that misspelt ones are corrected by, at most.
    pub spelling_words: usize,
    /// Words in a block of spelling.
    pub spelling_block: usize,
    /// A block of short lists is closed at so many bytes; a longer list gets blocks of its own.
    pub list_block: usize,
    /// The same of runs of positions, which fewer queries need.
    pub place_block: usize,
    /// A short prefix gets a list of its own if its words lie in more shards than this ...
    pub prefix_shards: usize,
    /// ... or lead to more lists outside their shards than this.
    pub prefix_lists: usize,
    /// Papers whose impact a prefix list gives.
    pub prefix_best: usize,
    /// Largest list of a prefix in bytes; beyond, only the best papers are listed.
    pub prefix_bytes: usize,
    /// A list over so many bytes is read in two parts.
    pub split_over: usize,
    /// Words in more places than this are frequent: phrases seldom need their runs of positions.
    pub frequent_over: u32,
    /// Of `chunks`: papers in a block of cards.
    pub cards_per_block: u32,
    /// Of `chunks`: papers in a block of records.
    pub records_per_block: u32,
    /// Of `chunks`: blocks in a file.
    pub blocks_per_file: u32,
    /// The same of related papers.
    pub related_per_file: u32,
    /// Of `packs`: bytes of a file; 0 for `chunks`.
    pub file_bytes: u32,
    /// Of `packs`: bytes of a page of cards.
    pub card_page: u32,
    /// Bytes that a count of the authors with most papers may take.
    pub author_bytes: u64,
    /// Blocks of bylines, at most; a count of the authors of some papers reads theirs.
    pub byline_blocks: u32,
}

/// How the blocks of an index lie in files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Small files, each fetched whole: works on every host.
    Chunks,
    /// Large files, read by HTTP ranges.
    Packs,
    /// Chunks up to 100 000 papers, packs above.
    #[default]
    Auto,
}

impl Layout {
    /// Whether a collection of so many papers is laid out in packs.
    #[must_use]
    pub fn is_packs(self, papers: usize) -> bool {
        match self {
            Layout::Chunks => false,
            Layout::Packs => true,
            Layout::Auto => papers > PACKED,
        }
    }
}

/// Over so many papers there would be too many small files for some hosts.
const PACKED: usize = 100_000;
/// Bytes of a pack: hosts with a limit take 25 MiB.
const PACK: u32 = 20 << 20;

/// Up to so many postings in all, every list stands inline: one round less.
const ALL_INLINE: usize = 250_000;
/// A run of positions of so many places takes some 20 KB.
pub(crate) const FREQUENT: u32 = 16_384;
/// Collections over so many papers are large.
const LARGE: usize = 20_000;

/// Collections over so many papers are huge: the directory of their cards has to stay small.
const HUGE: usize = 400_000;

impl Sizes {
    /// The sizes for a collection of `papers` papers with `postings` postings.
    #[must_use]
    pub fn of(papers: usize, postings: usize, layout: Layout) -> Sizes {
        let large = papers > LARGE;
        Sizes {
            inline_limit: if postings <= ALL_INLINE {
                limits::PAPERS
            } else {
                8
            },
            shard_words: 256,
            spelling_words: 32_000,
            spelling_block: 2048,
            list_block: 4096,
            place_block: if large && !layout.is_packs(papers) {
                20_480
            } else {
                4096
            },
            prefix_shards: 2,
            prefix_lists: 8,
            prefix_best: limits::PREFIX_BEST,
            prefix_bytes: 20_000,
            split_over: 4096,
            frequent_over: FREQUENT,
            cards_per_block: if large { 20 } else { 8 },
            records_per_block: if large { 30 } else { 4 },
            blocks_per_file: 1,
            related_per_file: if large { 6 } else { 1 },
            file_bytes: if layout.is_packs(papers) { PACK } else { 0 },
            card_page: if papers > HUGE { 1024 } else { 768 },
            author_bytes: 36_000,
            byline_blocks: if layout.is_packs(papers) { 256 } else { 64 },
        }
    }
}
