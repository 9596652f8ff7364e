//! Identifiers of papers to the blocks that find them.

use offprint_analysis::identifier;
use offprint_format::{IdHash, Section, ids_in, limits, pack_ids};
use offprint_papers::Paper;

use crate::Error;
use crate::write::Files;

/// Bytes of a block's payload in `packs`, where it is read alone.
pub(crate) const PAGE: u32 = 4096;

/// Bytes of a block's payload in `chunks`, where it is a file.
const CHUNK: usize = 16_384;

/// What a paper is known by: its id, and its links.
pub(crate) fn of(paper: &Paper) -> Vec<IdHash> {
    let own = identifier(&paper.id);
    let own = own.unwrap_or_else(|| ["id:", &paper.id.to_ascii_lowercase()].concat());
    let links = paper.links.iter().filter_map(|link| identifier(&link.url));
    let all = std::iter::once(own).chain(links);
    all.map(|known| IdHash::of(&known)).collect()
}

/// Writes the section.
pub(crate) fn write(mut entries: Vec<(IdHash, u32)>, files: &mut Files<'_>) -> Result<(), Error> {
    entries.sort_unstable();
    entries.dedup();
    let room = if files.is_packed() {
        PAGE as usize - 4
    } else {
        CHUNK
    };
    let most = ids_in(room.min(limits::PAYLOAD));
    // Four fifths full on the average; as many blocks more as it takes for the fullest.
    let mut blocks = entries.len().div_ceil((most * 4 / 5).max(1)) as u32;
    let cut = |blocks: u32| {
        let mut parts: Vec<&[(IdHash, u32)]> = Vec::new();
        let mut rest = entries.as_slice();
        for block in 0..blocks {
            let end = rest.partition_point(|(id, _)| id.block(blocks) <= block);
            let (part, more) = rest.split_at(end);
            parts.push(part);
            rest = more;
        }
        parts
    };
    let mut parts = cut(blocks);
    while parts.iter().any(|part| part.len() > most) && blocks < entries.len() as u32 {
        blocks += blocks.div_ceil(16);
        parts = cut(blocks);
    }
    for part in parts {
        let part = part.get(..most.min(part.len())).unwrap_or_default();
        files.block(Section::Ids, pack_ids(part))?;
    }
    Ok(())
}
