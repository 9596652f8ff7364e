//! Any bytes given as an index, with their checksums made right: an error or an answer, never a
//! panic that is not caught, never memory without bound.
//!
//! The input is a manifest's record, then files: each a length in two bytes and the payload of the
//! one block that the engine is given for whatever it asks next.
#![no_main]

use libfuzzer_sys::fuzz_target;
use offprint_format::{FORMAT_VERSION, guarded_now, open_block, seal_block};
use offprint_search::{Engine, PaperTask, Search, SearchRequest, Step, Task};
use twox_hash::XxHash32;

fn take<'a>(bytes: &mut &'a [u8]) -> &'a [u8] {
    let Some((length, rest)) = bytes.split_first_chunk::<2>() else {
        return std::mem::take(bytes);
    };
    let (taken, rest) = rest.split_at(rest.len().min(usize::from(u16::from_le_bytes(*length))));
    *bytes = rest;
    taken
}

fn manifest(record: &[u8]) -> Vec<u8> {
    let mut out = b"OFFPRINT".to_vec();
    out.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    out.extend_from_slice(&(record.len() as u32).to_le_bytes());
    out.extend_from_slice(record);
    let sum = XxHash32::oneshot(0, &out);
    out.extend_from_slice(&sum.to_le_bytes());
    out
}

fn drive<T: Task>(engine: &mut Engine, mut task: T, bytes_left: &mut &[u8]) -> Option<T::Output> {
    for _ in 0..8 {
        let blocks = match task.step(engine).ok()? {
            Step::Done(output) => return Some(output),
            Step::Need(blocks) => blocks,
        };
        let segment = engine.segment();
        for read in engine.reads(&blocks).ok()?.into_iter().take(64) {
            let file = read.file;
            let whole: Vec<u8> = match &read.range {
                // Of a pack: blocks as long as they are said to be.
                Some(range) => {
                    let mut bytes = vec![0; range.len()];
                    for (id, start, stored) in segment.places(&read) {
                        let mut payload = take(bytes_left).to_vec();
                        payload.resize((stored as usize).saturating_sub(4), 0);
                        let sealed = seal_block(payload, id, segment.seed);
                        if let Some(place) = bytes.get_mut(start..start + sealed.len()) {
                            place.copy_from_slice(&sealed);
                        }
                    }
                    bytes
                }
                None => {
                    let sealed: Vec<Vec<u8>> = segment
                        .blocks_of(file)
                        .take(64)
                        .map(|number| offprint_format::BlockId { section: file.section, number })
                        .map(|id| seal_block(take(bytes_left).to_vec(), id, segment.seed))
                        .collect();
                    let lengths = sealed.iter().flat_map(|block| (block.len() as u32).to_le_bytes());
                    lengths.chain(sealed.iter().flatten().copied()).collect()
                }
            };
            for (id, stored) in segment.split(&read, &whole).ok()? {
                if let Ok(payload) = open_block(stored, id, segment.seed) {
                    let _ = segment.pointed(id, payload);
                }
            }
            engine.supply(&read, &whole).ok()?;
        }
    }
    None
}

fuzz_target!(
    init: {
        // The reader catches what the `fst` crate panics with; anything else must end the run.
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !guarded_now() {
                before(info);
            }
        }));
    },
    |bytes: &[u8]| {
        let mut rest = bytes;
        let record = take(&mut rest);
        // The analyzer's fingerprint comes first; a wrong one would end every run at once.
        let mut full = vec![253];
        full.extend_from_slice(&offprint_search::analyzer().to_le_bytes());
        full.extend_from_slice(record);
        let Ok(mut engine) = Engine::open(&manifest(&full)) else { return };
        let task = Search::new(&mut engine, &SearchRequest::new("graph mod"));
        let _ = drive(&mut engine, task, &mut rest);
        let early = SearchRequest { settled: false, ..SearchRequest::new("graph") };
        let task = Search::new(&mut engine, &early);
        let _ = drive(&mut engine, task, &mut rest);
        let task = PaperTask::new(&mut engine, 0);
        let _ = drive(&mut engine, task, &mut rest);
    }
);
