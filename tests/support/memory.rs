//! A site in memory: papers in, answers out, through the same engine as everywhere.

#![allow(dead_code, reason = "each test uses some of it")]

use std::collections::BTreeMap;
use std::ops::Range;

use offprint_format::{LengthClass, Manifest};
use offprint_index::{Built, Compare, Layout, Options, Resources, Sizes, Source};
use offprint_papers::{Paper, Text};
use offprint_search::{
    Answer, DriveError, Engine, Hit, Paper as Whole, PaperTask, PhraseField, PhraseTask, Search,
    SearchRequest, Snippet, SnippetRequest, Snippets, Suggest, Work, drive,
};

/// The files of a segment, by path inside the site, and the manifest.
#[derive(Clone)]
pub struct Memory {
    pub manifest: Vec<u8>,
    pub files: BTreeMap<String, Vec<u8>>,
}

pub type Failure = DriveError<String>;

impl Memory {
    pub fn build(papers: &[Paper], sizes: Option<Sizes>) -> Memory {
        Memory::build_whole(papers, sizes).0
    }

    pub fn build_whole(papers: &[Paper], sizes: Option<Sizes>) -> (Memory, Built) {
        Memory::build_in(papers, Layout::Auto, sizes)
    }

    pub fn build_in(papers: &[Paper], layout: Layout, sizes: Option<Sizes>) -> (Memory, Built) {
        let options = Options {
            layout,
            sizes,
            ..Options::default()
        };
        Memory::build_with(papers, options)
    }

    /// An index whose papers are not compared with each other.
    pub fn build_alone(papers: &[Paper], layout: Layout, sizes: Option<Sizes>) -> Memory {
        let options = Options {
            layout,
            sizes,
            neighbours: Compare::Off,
            ..Options::default()
        };
        Memory::build_with(papers, options).0
    }

    pub fn build_with(papers: &[Paper], options: Options) -> (Memory, Built) {
        Memory::build_from(papers, options, &Resources::default())
    }

    pub fn build_from(
        papers: &(impl Source + ?Sized),
        options: Options,
        resources: &Resources,
    ) -> (Memory, Built) {
        let mut files = Vec::new();
        let options = Options {
            title: "Test".into(),
            ..options
        };
        let mut sink = |path: &str, bytes: &[u8]| {
            files.push((path.to_owned(), bytes.to_vec()));
            Ok(())
        };
        let built = offprint_index::build_from(papers, &options, resources, &mut sink, &mut |_| {})
            .unwrap();
        let files = files
            .into_iter()
            .map(|(path, bytes)| (format!("segments/{}/{path}", built.segment), bytes))
            .collect();
        (
            Memory {
                manifest: built.manifest.clone(),
                files,
            },
            built,
        )
    }

    /// The classes of length that the index makes.
    pub fn classes(&self) -> Vec<LengthClass> {
        let manifest = Manifest::from_bytes(&self.manifest).unwrap();
        manifest.segments.into_iter().next().unwrap().lengths
    }

    pub fn open(&self) -> Result<Engine, offprint_search::Error> {
        Engine::open(&self.manifest)
    }

    pub fn get(&self, path: &str, range: Option<Range<u32>>) -> Result<Vec<u8>, String> {
        let whole = self
            .files
            .get(path)
            .ok_or_else(|| format!("no file {path}"))?;
        part(whole, range)
    }

    /// Searches with an engine of its own, as a fresh page does.
    pub fn search(&self, request: &SearchRequest) -> Result<Answer, Failure> {
        self.search_with(&mut self.open()?, request)
    }

    pub fn search_with(
        &self,
        engine: &mut Engine,
        request: &SearchRequest,
    ) -> Result<Answer, Failure> {
        let task = Search::new(engine, request);
        let (mut answer, work) = drive(engine, task, &mut |path, range| self.get(path, range))?;
        answer.work = work;
        Ok(answer)
    }

    /// What the last word of a query may become, and what it took.
    pub fn suggest(&self, query: &str) -> Result<(Vec<String>, Work), Failure> {
        let mut engine = self.open()?;
        let task = Suggest::new(&mut engine, query);
        drive(&mut engine, task, &mut |path, range| self.get(path, range))
    }

    /// Documents that have a phrase, and what it took to find them.
    pub fn phrase(
        &self,
        engine: &mut Engine,
        text: &str,
        field: PhraseField,
    ) -> Result<(Vec<u32>, Work), Failure> {
        let task = PhraseTask::new(engine, text, field);
        drive(engine, task, &mut |path, range| self.get(path, range))
    }

    pub fn paper(&self, engine: &mut Engine, doc: u32) -> Result<Whole, Failure> {
        let task = PaperTask::new(engine, doc);
        Ok(drive(engine, task, &mut |path, range| self.get(path, range))?.0)
    }

    pub fn related(&self, engine: &mut Engine, doc: u32) -> Result<Vec<Hit>, Failure> {
        let request = SearchRequest {
            related: Some(doc),
            ..SearchRequest::new("")
        };
        Ok(self.search_with(engine, &request)?.hits)
    }

    pub fn snippets(&self, query: &str, docs: &[u32]) -> Result<Vec<Snippet>, Failure> {
        let mut engine = self.open()?;
        let request = SnippetRequest {
            query: query.into(),
            docs: docs.to_vec(),
        };
        let task = Snippets::new(&mut engine, &request);
        Ok(drive(&mut engine, task, &mut |path, range| self.get(path, range))?.0)
    }
}

/// A range of a file, or all of it.
pub fn part(whole: &[u8], range: Option<Range<u32>>) -> Result<Vec<u8>, String> {
    let Some(range) = range else {
        return Ok(whole.to_vec());
    };
    whole
        .get(range.start as usize..range.end as usize)
        .map(<[u8]>::to_vec)
        .ok_or_else(|| format!("no bytes {range:?}"))
}

/// A paper of a title, an abstract and authors.
pub fn paper(id: &str, title: &str, abstract_: &str, authors: &[&str]) -> Paper {
    let text = |text: &str| Text {
        clean: text.into(),
        raw: None,
    };
    Paper {
        id: id.into(),
        title: text(title),
        abstract_: text(abstract_),
        authors: authors.iter().map(|&name| name.into()).collect(),
        ..Paper::default()
    }
}

/// Sizes so small that a handful of papers has many shards, long lists and prefix lists.
pub fn tiny_sizes() -> Sizes {
    Sizes {
        inline_limit: 1,
        shard_words: 3,
        spelling_words: 12,
        spelling_block: 4,
        list_block: 16,
        place_block: 16,
        prefix_shards: 2,
        prefix_lists: 2,
        cards_per_block: 2,
        records_per_block: 2,
        blocks_per_file: 2,
        frequent_over: 2,
        ..Sizes::of(0, 0, Layout::Chunks)
    }
}

/// The smallest pack there is.
pub const SMALL_PACK: u32 = 64 * 1024;

/// The same in packs, which then have many blocks in few files.
pub fn tiny_packs() -> Sizes {
    Sizes {
        file_bytes: SMALL_PACK,
        card_page: 256,
        ..tiny_sizes()
    }
}
