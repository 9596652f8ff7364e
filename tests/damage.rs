//! Damaged and forged indexes: an error that names the place, or the right answer; never a panic,
//! never memory without bound.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic
)]

#[path = "support/memory.rs"]
mod memory;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use memory::{Failure, Memory, paper, part, tiny_sizes};
use offprint_format::{
    BlockId, FileId, Manifest, Section, guarded_now, open_block, seal_block, split_file,
};
use offprint_index::Sizes;
use offprint_papers::Paper;
use offprint_search::{
    Answer, Engine, Paper as Whole, PaperTask, Search, SearchRequest, Snippet, SnippetRequest,
    Snippets, drive,
};
use peak_alloc::PeakAlloc;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use twox_hash::XxHash32;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What one question may take beyond what was taken before it, whatever the index says, in MiB.
/// `FORMAT.md` bounds a collection to 4 194 304 papers, whose scores alone are 16 bytes each.
const MEMORY_LIMIT: f32 = 256.0;

/// Memory is counted for the whole process, so tests take turns.
static TURN: Mutex<()> = Mutex::new(());

const QUERIES: [&str; 8] = [
    "graph",
    "mod",
    "m",
    "retrieval of documents ",
    "lovelace",
    "word12 word3",
    "zzz",
    "byte-pair",
];

fn papers() -> Vec<Paper> {
    let word = |at: usize| format!("word{}", at * at % 61);
    (0..40)
        .map(|at| {
            let title = format!("Models of graph {} and {}", word(at), word(at + 7));
            let abstract_: Vec<String> = (0..30).map(|n| word(at * 31 + n)).collect();
            let abstract_ = format!("Byte-pair retrieval of documents. {}.", abstract_.join(" "));
            paper(
                &format!("p{at}"),
                &title,
                &abstract_,
                &["Ada Lovelace", "Grace Hopper"],
            )
        })
        .collect()
}

type Files = BTreeMap<String, Vec<u8>>;
type Outcome = (Answer, Vec<Snippet>, Option<Whole>);

/// A site with some files replaced.
struct Site<'a> {
    manifest: &'a [u8],
    files: &'a Files,
    replaced: Files,
}

impl Site<'_> {
    fn get(&self, path: &str, range: Option<Range<u32>>) -> Result<Vec<u8>, String> {
        let bytes = self.replaced.get(path).or_else(|| self.files.get(path));
        part(bytes.ok_or_else(|| format!("no file {path}"))?, range)
    }

    /// What a reader does: searches, reads snippets, opens the first paper.
    fn read(&self, query: &str) -> Result<Outcome, Failure> {
        let mut engine = Engine::open(self.manifest)?;
        let mut get = |path: &str, range| self.get(path, range);
        let task = Search::new(&mut engine, &SearchRequest::new(query));
        let (answer, _) = drive(&mut engine, task, &mut get)?;
        let docs: Vec<u32> = answer.hits.iter().map(|hit| hit.doc).collect();
        let request = SnippetRequest {
            query: query.into(),
            docs: docs.clone(),
        };
        let task = Snippets::new(&mut engine, &request);
        let (snippets, _) = drive(&mut engine, task, &mut get)?;
        let whole = match docs.first() {
            Some(&doc) => {
                let task = PaperTask::new(&mut engine, doc);
                Some(drive(&mut engine, task, &mut get)?.0)
            }
            None => None,
        };
        Ok((answer, snippets, whole))
    }
}

fn sites() -> [Memory; 2] {
    let several = Sizes {
        blocks_per_file: 3,
        ..tiny_sizes()
    };
    [
        Memory::build(&papers(), None),
        Memory::build(&papers(), Some(several)),
    ]
}

#[test]
fn damage_is_an_error_or_changes_nothing() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut rng = StdRng::seed_from_u64(1);
    for site in sites() {
        let whole = Site {
            manifest: &site.manifest,
            files: &site.files,
            replaced: Files::new(),
        };
        let expected: Vec<Outcome> = QUERIES
            .iter()
            .map(|query| whole.read(query).unwrap())
            .collect();
        let segment = Manifest::from_bytes(&site.manifest)
            .unwrap()
            .segments
            .remove(0);
        let mut paths: Vec<&String> = site.files.keys().collect();
        let manifest = "manifest.bin".to_owned();
        paths.push(&manifest);
        let original = |path: &str| match path {
            "manifest.bin" => site.manifest.clone(),
            path => site.files[path].clone(),
        };
        let (mut refused, mut unread) = (0, 0);
        for round in 0..6000 {
            let path = *paths.choose(&mut rng).unwrap();
            let mut bytes = original(path);
            let mut replaced = Files::new();
            match round % 5 {
                0..=2 => {
                    let at = rng.random_range(0..bytes.len());
                    bytes[at] ^= 1 << rng.random_range(0..8);
                }
                3 => bytes.truncate(rng.random_range(0..bytes.len())),
                _ => {
                    let other = *paths.choose(&mut rng).unwrap();
                    replaced.insert(other.clone(), original(path));
                    bytes = original(other);
                    if let Some(file) = segment
                        .files()
                        .find(|&file| segment.file_path(file) == *path)
                    {
                        // Half the time, two blocks inside the file change places instead.
                        let mut blocks = split_file(&segment, file, &site.files[path]).unwrap();
                        if blocks.len() > 1 && rng.random() {
                            blocks.swap(0, 1);
                            bytes = join(
                                &blocks
                                    .iter()
                                    .map(|(_, block)| block.to_vec())
                                    .collect::<Vec<_>>(),
                            );
                            replaced.clear();
                        }
                    }
                }
            }
            replaced.insert(path.clone(), bytes);
            let manifest = replaced
                .get("manifest.bin")
                .unwrap_or(&site.manifest)
                .clone();
            let damaged = Site {
                manifest: &manifest,
                files: &site.files,
                replaced,
            };
            let query = rng.random_range(0..QUERIES.len());
            match damaged.read(QUERIES[query]) {
                Ok(outcome) => {
                    assert_eq!(outcome, expected[query], "round {round}, {path}");
                    unread += 1;
                }
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    refused += 1;
                }
            }
        }
        // Neither outcome may be rare, or this proves nothing.
        assert!(
            refused > 500 && unread > 500,
            "{refused} refused, {unread} not read"
        );
    }
}

fn join(blocks: &[Vec<u8>]) -> Vec<u8> {
    let lengths = blocks
        .iter()
        .flat_map(|block| (block.len() as u32).to_le_bytes());
    lengths.chain(blocks.iter().flatten().copied()).collect()
}

/// Changes the payload of a block and makes its checksum right again.
fn forge(site: &Memory, file: FileId, rng: &mut StdRng) -> (String, Vec<u8>) {
    let segment = Manifest::from_bytes(&site.manifest)
        .unwrap()
        .segments
        .remove(0);
    let path = segment.file_path(file);
    let mut blocks: Vec<(BlockId, Vec<u8>)> = split_file(&segment, file, &site.files[&path])
        .unwrap()
        .into_iter()
        .map(|(id, stored)| (id, open_block(stored, id, segment.seed).unwrap().to_vec()))
        .collect();
    let at = rng.random_range(0..blocks.len());
    let (id, payload) = &mut blocks[at];
    for _ in 0..rng.random_range(1..6) {
        match rng.random_range(0..4) {
            0 if !payload.is_empty() => payload.truncate(rng.random_range(0..payload.len())),
            1 => payload.extend((0..rng.random_range(1..40)).map(|_| rng.random::<u8>())),
            _ if !payload.is_empty() => {
                let at = rng.random_range(0..payload.len());
                payload[at] = rng.random();
            }
            _ => {}
        }
    }
    if matches!(id.section, Section::Cards | Section::Records) && rng.random() {
        // Damage inside what was deflated gets past the inflater.
        let inner: Vec<u8> = (0..rng.random_range(0..300))
            .map(|_| rng.random::<u8>() % 40)
            .collect();
        *payload = miniz_oxide::deflate::compress_to_vec(&inner, 1);
    }
    let sealed: Vec<Vec<u8>> = blocks
        .into_iter()
        .map(|(id, payload)| seal_block(payload, id, segment.seed))
        .collect();
    (path, join(&sealed))
}

/// Silences the panics that the reader of dictionaries catches.
fn quiet_guarded_panics() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !guarded_now() {
            before(info);
        }
    }));
}

#[test]
fn forged_blocks_are_held_to_the_limits() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    quiet_guarded_panics();
    let mut rng = StdRng::seed_from_u64(2);
    for site in sites() {
        let segment = Manifest::from_bytes(&site.manifest)
            .unwrap()
            .segments
            .remove(0);
        let files: Vec<FileId> = segment.files().collect();
        for _ in 0..3000 {
            let (path, bytes) = forge(&site, *files.choose(&mut rng).unwrap(), &mut rng);
            let forged = Site {
                manifest: &site.manifest,
                files: &site.files,
                replaced: Files::from([(path, bytes)]),
            };
            read_within_limits(&forged, QUERIES.choose(&mut rng).unwrap());
        }
    }
}

#[test]
fn forged_manifests_are_held_to_the_limits() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    quiet_guarded_panics();
    let mut rng = StdRng::seed_from_u64(3);
    let mut opened = 0;
    for site in sites() {
        for _ in 0..3000 {
            let mut manifest = site.manifest.clone();
            for _ in 0..rng.random_range(1..4) {
                let at = rng.random_range(24..manifest.len() - 4);
                manifest[at] = rng.random();
            }
            let end = manifest.len() - 4;
            let sum = XxHash32::oneshot(0, &manifest[..end]);
            manifest[end..].copy_from_slice(&sum.to_le_bytes());
            opened += u32::from(Engine::open(&manifest).is_ok());
            let forged = Site {
                manifest: &manifest,
                files: &site.files,
                replaced: Files::new(),
            };
            read_within_limits(&forged, QUERIES.choose(&mut rng).unwrap());
        }
    }
    assert!(opened > 500, "only {opened} opened");
}

fn read_within_limits(site: &Site<'_>, query: &str) {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage_as_mb();
    let _ = site.read(query);
    let taken = MEMORY.peak_usage_as_mb() - before;
    assert!(taken < MEMORY_LIMIT, "{taken} MiB for {query:?}");
}
