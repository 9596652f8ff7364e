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

use memory::{Failure, Memory, paper, tiny_packs, tiny_sizes};
use offprint_format::{
    BlockId, BlockRef, Manifest, Section, Segment, guarded_now, open_block, seal_block, split_file,
};
use offprint_index::{Options, Sizes, Topics};
use offprint_papers::{Date, Paper};
use offprint_search::{
    Answer, Engine, Field, Filters, Paper as Whole, PaperTask, PhraseField, PhraseTask, Search,
    SearchRequest, Snippet, SnippetRequest, Snippets, Sort, drive,
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
            Paper {
                date: Some(Date {
                    year: 2018 + at as u16 % 3,
                    month: (at % 5) as u8,
                    day: (at % 3) as u8,
                }),
                categories: (at..at + at % 4).map(|at| format!("c{}", at % 5)).collect(),
                venue: (at % 3 > 0).then(|| format!("Venue {}", at % 7)),
                ..paper(
                    &format!("p{at}"),
                    &title,
                    &abstract_,
                    &["Ada Lovelace", "Grace Hopper"],
                )
            }
        })
        .collect()
}

type Files = BTreeMap<String, Vec<u8>>;
type Outcome = ([Answer; 2], Vec<u32>, Vec<Snippet>, Option<Whole>);

/// A site with some files replaced.
struct Site<'a> {
    manifest: &'a [u8],
    files: &'a Files,
    replaced: Files,
}

impl Site<'_> {
    /// As careless hosts do: of a range that does not exist, what there is.
    fn get(&self, path: &str, range: Option<Range<u32>>) -> Result<Vec<u8>, String> {
        let bytes = self.replaced.get(path).or_else(|| self.files.get(path));
        let bytes = bytes.ok_or_else(|| format!("no file {path}"))?;
        let (start, end) = range.map_or((0, bytes.len()), |range| {
            (range.start as usize, range.end as usize)
        });
        let end = end.min(bytes.len());
        Ok(bytes.get(start.min(end)..end).unwrap_or_default().to_vec())
    }

    /// What a reader does: searches, for words and for a phrase, reads snippets, opens the first
    /// paper.
    fn read(&self, query: &str) -> Result<Outcome, Failure> {
        let mut engine = Engine::open(self.manifest)?;
        let mut get = |path: &str, range| self.get(path, range);
        let request = SearchRequest {
            filters: Filters {
                // Beginning inside a year, so that days are read.
                from: "2019-02-02".into(),
                categories: ["c0", "c1", "c2"].map(str::to_owned).to_vec(),
                authors: vec!["grace".into()],
                ..Filters::default()
            },
            sort: Sort::Newest,
            facets: vec![
                Field::Year,
                Field::Category,
                Field::Venue,
                Field::Code,
                Field::Topic,
                Field::Author,
            ],
            ..SearchRequest::new(query)
        };
        let task = Search::new(&mut engine, &request);
        let (selected, _) = drive(&mut engine, task, &mut get)?;
        let task = Search::new(&mut engine, &SearchRequest::new(query));
        let (answer, _) = drive(&mut engine, task, &mut get)?;
        let task = PhraseTask::new(&mut engine, query, PhraseField::Any);
        let (phrase, _) = drive(&mut engine, task, &mut get)?;
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
        Ok(([selected, answer], phrase, snippets, whole))
    }
}

fn sites() -> [Memory; 5] {
    let several = Sizes {
        blocks_per_file: 3,
        ..tiny_sizes()
    };
    let split = |sizes| Sizes {
        split_over: 8,
        author_bytes: 0,
        byline_blocks: 3,
        ..sizes
    };
    let build = |sizes| {
        let options = Options {
            sizes,
            topics: Topics::Count(3),
            ..Options::default()
        };
        let (mut index, _) = Memory::build_with(&papers(), options);
        // The list of topics is read by pages alone.
        index.files.retain(|path, _| path.ends_with(".bin"));
        index
    };
    [
        build(None),
        build(Some(several)),
        build(Some(split(several))),
        build(Some(tiny_packs())),
        build(Some(split(tiny_packs()))),
    ]
}

fn segment_of(site: &Memory) -> Segment {
    let mut manifest = Manifest::from_bytes(&site.manifest).unwrap();
    manifest.segments.remove(0)
}

/// Every block of a site, by its file, with its place in it.
fn blocks(site: &Memory) -> BTreeMap<String, Vec<(BlockId, Range<usize>)>> {
    let segment = segment_of(site);
    let mut found: BTreeMap<String, Vec<(BlockId, Range<usize>)>> = BTreeMap::new();
    for file in segment.files() {
        if segment.is_packed(file.section) {
            continue;
        }
        let path = segment.file_path(file);
        let bytes = &site.files[&path];
        let places = found.entry(path.clone()).or_default();
        let mut end = 4 * segment.blocks_of(file).len();
        for (id, stored) in split_file(&segment, file, bytes).unwrap() {
            places.push((id, end..end + stored.len()));
            end += stored.len();
        }
    }
    let mut open: Vec<BlockRef> = segment.roots().collect();
    let mut seen = std::collections::BTreeSet::new();
    while let Some(block) = open.pop() {
        if !segment.is_packed(block.id.section) || !seen.insert(block.id) {
            continue;
        }
        let read = segment.reads(&[block]).unwrap().remove(0);
        let range = read.range.clone().unwrap();
        let range = range.start as usize..range.end as usize;
        let path = segment.file_path(read.file);
        let stored = &site.files[&path][range.clone()];
        let payload = open_block(stored, block.id, segment.seed).unwrap();
        open.extend(segment.pointed(block.id, payload).unwrap());
        found.entry(path).or_default().push((block.id, range));
    }
    for places in found.values_mut() {
        places.sort_unstable_by_key(|(_, range)| range.start);
    }
    found
}

/// Two neighbours that change places; the lengths at the front of a chunk, too.
fn swapped(file: &[u8], places: &[(BlockId, Range<usize>)], at: usize) -> Vec<u8> {
    let (one, two) = (places[at].1.clone(), places[at + 1].1.clone());
    let mut bytes = file[..one.start].to_vec();
    bytes.extend_from_slice(&file[two.clone()]);
    bytes.extend_from_slice(&file[one.end..two.start]);
    bytes.extend_from_slice(&file[one]);
    bytes.extend_from_slice(&file[two.end..]);
    let before = places[0].1.start;
    if before == places.len() * 4 && before > 0 {
        let lengths: Vec<u8> = file[at * 4..at * 4 + 8].to_vec();
        bytes[at * 4..at * 4 + 4].copy_from_slice(&lengths[4..]);
        bytes[at * 4 + 4..at * 4 + 8].copy_from_slice(&lengths[..4]);
    }
    bytes
}

#[test]
fn every_block_is_reached() {
    for site in sites() {
        let segment = segment_of(&site);
        let found = blocks(&site);
        for section in Section::ALL {
            let of = |(id, _): &&(BlockId, Range<usize>)| id.section == section;
            let count = found.values().flatten().filter(of).count();
            let told = segment.section(section).map_or(0, |table| table.blocks);
            assert_eq!(count, told as usize, "section {}", section.folder());
        }
    }
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
        let places = blocks(&site);
        let mut paths: Vec<&String> = site.files.keys().collect();
        let manifest = "manifest.bin".to_owned();
        paths.push(&manifest);
        let original = |path: &str| match path {
            "manifest.bin" => site.manifest.clone(),
            path => site.files[path].clone(),
        };
        let (mut refused, mut unread) = (0, 0);
        for round in 0..3000 {
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
                    // Half the time, two blocks inside the file change places instead.
                    let inside = places.get(path).filter(|places| places.len() > 1);
                    if let Some(places) = inside.filter(|_| rng.random()) {
                        let at = rng.random_range(0..places.len() - 1);
                        bytes = swapped(&site.files[path], places, at);
                        replaced.clear();
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
            refused > 250 && unread > 250,
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

/// Changes a payload at random. In packs it must keep its length.
fn forge_payload(id: BlockId, payload: &mut Vec<u8>, packed: bool, rng: &mut StdRng) {
    let length = payload.len();
    for _ in 0..rng.random_range(1..6) {
        match rng.random_range(0..4) {
            0 if !packed && !payload.is_empty() => {
                payload.truncate(rng.random_range(0..payload.len()));
            }
            1 if !packed => {
                payload.extend((0..rng.random_range(1..40)).map(|_| rng.random::<u8>()))
            }
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
        if packed {
            payload.resize(length, 0);
        }
    }
}

/// Changes the payload of a block and makes its checksum right again.
fn forge(
    site: &Memory,
    path: &str,
    places: &[(BlockId, Range<usize>)],
    rng: &mut StdRng,
) -> Vec<u8> {
    let segment = segment_of(site);
    let mut file = site.files[path].clone();
    let chosen = rng.random_range(0..places.len());
    let packed = segment.is_packed(places[chosen].0.section);
    let mut sealed = Vec::new();
    for (at, (id, range)) in places.iter().enumerate() {
        let stored = &site.files[path][range.clone()];
        let mut payload = open_block(stored, *id, segment.seed).unwrap().to_vec();
        if at == chosen {
            forge_payload(*id, &mut payload, packed, rng);
        }
        let block = seal_block(payload, *id, segment.seed);
        if packed {
            file[range.clone()].copy_from_slice(&block);
        }
        sealed.push(block);
    }
    if packed { file } else { join(&sealed) }
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
        let places = blocks(&site);
        let paths: Vec<&String> = places.keys().collect();
        for _ in 0..1500 {
            let path = *paths.choose(&mut rng).unwrap();
            let bytes = forge(&site, path, &places[path], &mut rng);
            let forged = Site {
                manifest: &site.manifest,
                files: &site.files,
                replaced: Files::from([(path.clone(), bytes)]),
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
        for _ in 0..1500 {
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
