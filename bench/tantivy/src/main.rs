//! A native full-text index over the same papers, for comparison: the cost of building it, and the latency of
//! queries without browser or network.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::QueryParser;
use tantivy::schema::{
    IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value,
};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, SimpleTokenizer, Stemmer, TextAnalyzer,
};
use tantivy::{Index, TantivyDocument};

/// Memory that the writer may take before it writes a segment.
const WRITER_MEMORY: usize = 256 << 20;

#[derive(Deserialize)]
struct Paper {
    id: String,
    title: String,
    r#abstract: String,
    authors: Vec<String>,
    date: String,
    categories: Vec<String>,
    url: String,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["build", threads, papers, folder] => build(papers, folder, threads.parse()?),
        ["query", folder, queries] => query(folder, queries),
        _ => bail!("build THREADS PAPERS FOLDER, or query FOLDER QUERIES"),
    }
}

fn schema() -> Schema {
    use IndexRecordOption::{WithFreqs, WithFreqsAndPositions};
    let mut schema = Schema::builder();
    // As Offprint indexes them: phrases of titles and abstracts, filters by date and category.
    let text = |tokenizer: &str, option: IndexRecordOption| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(tokenizer)
            .set_index_option(option);
        TextOptions::default()
            .set_indexing_options(indexing)
            .set_stored()
    };
    schema.add_text_field("id", STRING | STORED);
    schema.add_text_field("title", text("english", WithFreqsAndPositions));
    schema.add_text_field("abstract", text("english", WithFreqsAndPositions));
    schema.add_text_field("authors", text("names", WithFreqs));
    schema.add_text_field("date", STRING | STORED);
    schema.add_text_field("categories", STRING | STORED);
    schema.add_text_field("url", STORED);
    schema.build()
}

fn register(index: &Index) {
    let plain = || {
        TextAnalyzer::builder(SimpleTokenizer::default())
            .filter(LowerCaser)
            .filter(AsciiFoldingFilter)
    };
    let english = plain().filter(Stemmer::new(Language::English)).build();
    index.tokenizers().register("english", english);
    index.tokenizers().register("names", plain().build());
}

fn build(papers: &str, folder: &str, threads: usize) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let schema = schema();
    let index = Index::create_in_dir(Path::new(folder), schema.clone())?;
    register(&index);
    let mut writer = index.writer_with_num_threads(threads, WRITER_MEMORY)?;
    for line in BufReader::new(File::open(papers)?).lines() {
        let paper: Paper = serde_json::from_str(&line?)?;
        let mut document = TantivyDocument::default();
        let mut add = |name: &str, text: &str| -> Result<()> {
            document.add_text(schema.get_field(name)?, text);
            Ok(())
        };
        add("id", &paper.id)?;
        add("title", &paper.title)?;
        add("abstract", &paper.r#abstract)?;
        for author in &paper.authors {
            add("authors", author)?;
        }
        add("date", &paper.date)?;
        for category in &paper.categories {
            add("categories", category)?;
        }
        add("url", &paper.url)?;
        writer.add_document(document)?;
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}

/// Asks each query of a JSON array of texts, once to warm up and five times for the clock, and prints the median
/// milliseconds of each. An answer is a count and ten lines: title, authors, date.
fn query(folder: &str, queries: &str) -> Result<()> {
    let queries: Vec<String> = serde_json::from_reader(BufReader::new(File::open(queries)?))?;
    let index = Index::open_in_dir(folder)?;
    register(&index);
    let schema = index.schema();
    let searcher = index.reader()?.searcher();
    let (title, authors, date) = (
        schema.get_field("title")?,
        schema.get_field("authors")?,
        schema.get_field("date")?,
    );
    let fields = vec![title, schema.get_field("abstract")?, authors];
    let parser = QueryParser::for_index(&index, fields);
    let mut times = Vec::new();
    for text in &queries {
        let mut turns = Vec::new();
        for _ in 0..6 {
            let start = Instant::now();
            let parsed = parser.parse_query(text)?;
            let (_count, top) =
                searcher.search(&parsed, &(Count, TopDocs::with_limit(10).order_by_score()))?;
            for (_, address) in top {
                let document: TantivyDocument = searcher.doc(address)?;
                for field in [title, authors, date] {
                    std::hint::black_box(
                        document.get_first(field).and_then(|value| value.as_str()),
                    );
                }
            }
            turns.push(start.elapsed().as_secs_f64() * 1000.0);
        }
        let mut counted = turns.split_off(1);
        counted.sort_by(f64::total_cmp);
        times.push(*counted.get(2).context("no time was taken")?);
    }
    println!(
        "{}",
        serde_json::json!({ "segments": searcher.segment_readers().len(), "times": times })
    );
    Ok(())
}
