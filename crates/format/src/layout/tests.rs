#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::block::open_block;
use crate::files::{SectionWriter, Shape};

const SEED: u32 = 7;
/// The smallest that a pack may have.
const FILE: u32 = limits::BLOCK as u32;

fn segment(writer: &SectionWriter) -> Segment {
    Segment {
        name: "seg".into(),
        seed: SEED,
        sections: vec![writer.table().clone()],
        ..Segment::default()
    }
}

fn payload(at: u32, length: u32) -> Vec<u8> {
    (0..length)
        .map(|byte| (byte * 31 + at * 17) as u8)
        .collect()
}

/// Writes payloads of these lengths and reads each of them, and all of them, back.
fn round_trip(section: Section, shape: Shape, lengths: &[u32]) -> (Segment, Vec<Vec<u8>>) {
    let mut writer = SectionWriter::new(section, SEED, shape);
    let mut files = Vec::new();
    let mut blocks = Vec::new();
    for (at, &length) in (0..).zip(lengths) {
        let (number, full) = writer.push(payload(at, length)).unwrap();
        files.extend(full);
        let stored = match shape {
            Shape::Addressed(_) => length + 4,
            _ => 0,
        };
        let id = BlockId { section, number };
        blocks.push(BlockRef { id, stored });
    }
    files.extend(writer.flush());
    let segment = segment(&writer);
    assert!(files.iter().map(|file| file.0).eq(segment.files()));
    let bytes: usize = files.iter().map(|file| file.1.len()).sum();
    assert_eq!(writer.table().bytes, bytes as u64);

    let mut wanted: Vec<&[BlockRef]> = blocks.chunks(1).collect();
    wanted.push(&blocks);
    for wanted in wanted {
        let mut seen = Vec::new();
        for read in segment.reads(wanted).unwrap() {
            let file = &files[read.file.number as usize].1;
            let bytes = read.cut(file).unwrap();
            for (id, stored) in segment.split(&read, bytes).unwrap() {
                let opened = open_block(stored, id, SEED).unwrap().to_vec();
                if wanted.iter().any(|block| block.id == id) {
                    seen.push((id, opened));
                }
            }
            assert!(segment.split(&read, &bytes[..bytes.len() - 1]).is_err());
        }
        assert_eq!(seen.len(), wanted.len());
        for ((id, opened), block) in seen.iter().zip(wanted) {
            assert_eq!(*id, block.id);
            let at = blocks.iter().position(|known| known == block).unwrap();
            assert!(opened.starts_with(&payload(at as u32, lengths[at])));
        }
    }
    (segment, files.into_iter().map(|file| file.1).collect())
}

#[test]
fn blocks_come_back_in_every_shape() {
    let lengths = [0, 5, 60_000, 1, 30_000, 40_000, 65_532, 12, 9];
    for per_file in [1, 2, 100] {
        round_trip(Section::Terms, Shape::Chunks(per_file), &lengths);
    }
    let (segment, files) = round_trip(Section::Terms, Shape::Listed(FILE), &lengths);
    assert_eq!(files.len(), 5);
    assert!(files.iter().all(|file| file.len() <= FILE as usize));
    assert!(
        !segment.has(
            BlockId {
                section: Section::Terms,
                number: 9
            }
            .whole()
        )
    );
    round_trip(Section::Postings, Shape::Addressed(FILE), &lengths);
    let paged = Shape::Paged {
        file_bytes: FILE,
        stride: 1000,
    };
    let (segment, files) = round_trip(Section::Cards, paged, &[900; 100]);
    assert_eq!(files.len(), 2);
    assert!(
        !segment.has(
            BlockId {
                section: Section::Cards,
                number: 100
            }
            .whole()
        )
    );
}

#[test]
fn runs_lie_in_one_file_block_after_block() {
    let shape = Shape::Addressed(4 * FILE);
    let mut writer = SectionWriter::new(Section::Postings, SEED, shape);
    let mut files = Vec::new();
    let mut runs = Vec::new();
    for (first, late) in [
        (10, 0),
        (150_000, 5),
        (70_000, 150_000),
        (0, 0),
        (65_532, 131_064),
    ] {
        let (early, later) = (payload(first, first), payload(late, late));
        let (at, full) = writer.push_runs(&[&early, &later]).unwrap();
        files.extend(full);
        runs.push((at, early, later));
    }
    files.extend(writer.flush());
    let segment = segment(&writer);
    let read = |at, bytes: &[u8]| {
        let mut blocks = Vec::new();
        segment.run(Section::Postings, at, bytes.len() as u32, &mut blocks);
        let reads = segment.reads(&blocks).unwrap();
        assert!(reads.len() <= 1, "one request a run");
        let mut found = Vec::new();
        for read in &reads {
            let file = &files[read.file.number as usize].1;
            for (id, stored) in segment.split(read, read.cut(file).unwrap()).unwrap() {
                found.extend_from_slice(open_block(stored, id, SEED).unwrap());
            }
        }
        assert_eq!(found, bytes);
    };
    for (at, early, later) in runs {
        read(at, &early);
        read(
            segment.late(segment.after(Section::Postings, at, early.len() as u32)),
            &later,
        );
    }
}

#[test]
fn neighbours_come_in_one_request_and_others_do_not() {
    let shape = Shape::Listed(FILE);
    let (segment, _) = round_trip(
        Section::Terms,
        shape,
        &[100, limits::GAP - 4, 100, limits::GAP - 3, 100],
    );
    let block = |number| {
        BlockId {
            section: Section::Terms,
            number,
        }
        .whole()
    };
    let ranges = |wanted: &[u32]| -> Vec<_> {
        let wanted: Vec<BlockRef> = wanted.iter().map(|&number| block(number)).collect();
        let reads = segment.reads(&wanted).unwrap();
        reads.into_iter().map(|read| read.range.unwrap()).collect()
    };
    assert_eq!(ranges(&[0, 1]).len(), 1);
    assert_eq!(ranges(&[0, 2]).len(), 1);
    assert_eq!(ranges(&[2, 4]).len(), 2);
}

#[test]
fn what_lies_outside_is_refused() {
    let (segment, _) = round_trip(Section::Postings, Shape::Addressed(FILE), &[100, 100]);
    let block = |number, stored| BlockRef {
        id: BlockId {
            section: Section::Postings,
            number,
        },
        stored,
    };
    assert!(segment.has(block(0, 104)));
    for wrong in [
        block(105, 104),
        block(u32::MAX, 4),
        block(0, u32::MAX),
        block(FILE - 1, 4),
    ] {
        assert!(!segment.has(wrong), "{wrong:?}");
        assert!(segment.reads(&[wrong]).is_err());
    }
}
