//! One input, from its bytes to papers.

use std::io::{self, BufReader, Cursor, Read};

use crate::detect::{Format, HEAD, detect, unknown};
use crate::diagnostic::{Diagnostic, Log, Reason};
use crate::limits::Limits;
use crate::paper::Paper;
use crate::{bibtex, compression, dump, json, jsonl};

/// A paper with the line of the input where it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The paper. Its id is empty where the input gave none.
    pub paper: Paper,
    /// Counted from 1.
    pub line: u64,
}

/// What became of one input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputReport {
    /// The input's name as the caller gave it.
    pub input: String,
    /// Its format once unpacked; [`Format::Unknown`] where nothing could be read.
    pub format: Format,
    /// Records met: those read and those skipped.
    pub rows: u64,
    /// Records skipped.
    pub skipped: u64,
    /// What there is to say, in the order of lines.
    pub diagnostics: Vec<Diagnostic>,
    /// Diagnostics beyond [`Limits::diagnostics`], counted only.
    pub diagnostics_omitted: u64,
}

/// Where a parser leaves what it finds.
pub(crate) struct Out<'a, T> {
    pub(crate) log: Log,
    pub(crate) limits: &'a Limits,
    pub(crate) rows: u64,
    pub(crate) skipped: u64,
    /// What is done with a paper on whatever thread has read it.
    pub(crate) prepare: &'a (dyn Fn(Paper) -> T + Sync),
    /// What is done with it then, in the order of lines. Says whether to go on.
    sink: &'a mut dyn FnMut(u64, T) -> bool,
    /// Set once the sink wants no more.
    pub(crate) stopped: bool,
}

impl<T> Out<'_, T> {
    pub(crate) fn record(&mut self, line: u64, paper: Paper) {
        self.prepared(line, (self.prepare)(paper));
    }

    pub(crate) fn prepared(&mut self, line: u64, row: T) {
        self.rows += 1;
        self.stopped |= !(self.sink)(line, row);
    }

    pub(crate) fn skip(&mut self, line: u64, reason: Reason) {
        self.rows += 1;
        self.skipped += 1;
        self.log.add(line, reason);
    }

    /// Reading broke off: what came before stays.
    pub(crate) fn broken(&mut self, line: u64, error: &io::Error) {
        self.log.add(line, Reason::Unreadable(error.to_string()));
    }
}

/// Times an input may be packed: a `.jsonl.gz` inside a `.zst` is odd but readable.
const LAYERS: usize = 3;

/// Reads one input: tells its format by content, unpacks it, and hands each paper to `sink` as
/// it is read. Memory is bounded by the limits, whatever comes in. Lines of JSON are parsed on all
/// threads of the current `rayon` pool; papers come in the order of lines all the same.
///
/// `name` stands in diagnostics, and its last part in the listings of a dump.
pub fn read_input(
    name: &str,
    reader: impl Read,
    limits: &Limits,
    sink: &mut dyn FnMut(Record),
) -> InputReport {
    let sink = &mut |line, paper| {
        sink(Record { paper, line });
        true
    };
    read_rows(name, reader, limits, &|paper| paper, sink)
}

/// As [`read_input`], with a first step for each paper that may run on any thread.
pub(crate) fn read_rows<T: Send>(
    name: &str,
    reader: impl Read,
    limits: &Limits,
    prepare: &(dyn Fn(Paper) -> T + Sync),
    sink: &mut dyn FnMut(u64, T) -> bool,
) -> InputReport {
    let log = Log::new(name, limits.diagnostics);
    let mut out = Out {
        log,
        limits,
        rows: 0,
        skipped: 0,
        prepare,
        sink,
        stopped: false,
    };
    let format = read_layers(name, Box::new(reader), &mut out);
    InputReport {
        input: name.to_owned(),
        format,
        rows: out.rows,
        skipped: out.skipped,
        diagnostics: out.log.kept,
        diagnostics_omitted: out.log.omitted,
    }
}

fn read_layers<'a, T: Send>(
    name: &str,
    reader: Box<dyn Read + 'a>,
    out: &mut Out<'_, T>,
) -> Format {
    match unpack(name, reader) {
        Unpacked::Source(Format::Jsonl, source) => {
            jsonl::read(BufReader::with_capacity(1 << 17, source), out);
            Format::Jsonl
        }
        Unpacked::Source(Format::Json, source) => {
            json::read(BufReader::with_capacity(1 << 17, source), out);
            Format::Json
        }
        Unpacked::Source(Format::Bibtex, source) => {
            bibtex::read(BufReader::with_capacity(1 << 17, source), out);
            Format::Bibtex
        }
        Unpacked::Source(format, source) => {
            dump::read(name, BufReader::with_capacity(1 << 17, source), out);
            format
        }
        Unpacked::Not(reason) => {
            out.log.add(0, reason);
            Format::Unknown
        }
    }
}

/// An input without its wrapping.
pub(crate) enum Unpacked<'a> {
    /// Its format and its text.
    Source(Format, Box<dyn Read + 'a>),
    /// Why there is none.
    Not(Reason),
}

/// Takes an input out of what it is packed in.
pub(crate) fn unpack<'a>(name: &str, reader: Box<dyn Read + 'a>) -> Unpacked<'a> {
    let mut source = reader;
    for _ in 0..=LAYERS {
        let (head, error) = read_head(&mut source);
        let format = detect(&head, name);
        if format == Format::Unknown {
            return Unpacked::Not(error.map_or_else(|| unknown(&head), unreadable));
        }
        // What the head already ran into is met again in its place.
        source = match error {
            Some(error) => Box::new(Cursor::new(head).chain(Broken(Some(error)))),
            None => Box::new(Cursor::new(head).chain(source)),
        };
        match format {
            Format::Gzip => source = compression::gzip(source),
            Format::Zstd => source = compression::zstd(source),
            Format::Jsonl | Format::Json | Format::Bibtex | Format::Dump | Format::Unknown => {
                return Unpacked::Source(format, source);
            }
        }
    }
    Unpacked::Not(Reason::TooManyLayers(LAYERS))
}

fn unreadable(error: io::Error) -> Reason {
    Reason::Unreadable(error.to_string())
}

fn read_head(source: &mut dyn Read) -> (Vec<u8>, Option<io::Error>) {
    let mut head = Vec::new();
    let result = source.take(HEAD as u64).read_to_end(&mut head);
    (head, result.err())
}

/// Gives an error once, then the end.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        match self.0.take() {
            Some(error) => Err(error),
            None => Ok(0),
        }
    }
}
