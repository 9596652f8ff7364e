//! A folder to run the program in.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Records of four papers.
pub const RECORDS: [&str; 4] = [
    r#"{"id": "k1", "title": "Kites in Steady Wind", "abstract": "Kites fly where wind is steady.", "authors": ["Ada Lund"], "year": 2001}"#,
    r#"{"id": "k2", "title": "Lanterns for Night Kites", "abstract": "Small lanterns light a kite.", "authors": ["Bo Ek"], "date": "2003-04"}"#,
    r#"{"id": "k3", "title": "On the Tails of Kites", "abstract": "A tail steadies the kite.", "links": [{"kind": "page", "url": "https://example.org/k3"}]}"#,
    r#"{"id": "k4", "title": "Wind Tunnels", "abstract": "Measured wind, made to order."}"#,
];

/// A folder for one test.
pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Runs the program in this folder, so that no test depends on another's paths.
    pub fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, b"")
    }

    pub fn run_with(&self, args: &[&str], input: &[u8]) -> Run {
        let mut child = program(self.0.path())
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The program may end before it has read everything.
        let _ = child.stdin.take().unwrap().write_all(input);
        Run::of(child.wait_with_output().unwrap())
    }

    pub fn index(&self, inputs: &[&str]) -> Run {
        let mut args = vec!["build", "--index-only", "--json", "--out", "site"];
        args.extend(inputs);
        self.run(&args)
    }

    pub fn tree(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        walkdir::WalkDir::new(self.path(name))
            .into_iter()
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let path = entry
                    .path()
                    .strip_prefix(self.path(name))
                    .unwrap()
                    .to_owned();
                (path, fs::read(entry.path()).unwrap())
            })
            .collect()
    }
}

/// The program, to be run in `folder`.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_offprint"));
    command
        .current_dir(folder)
        // A server that is killed cannot clear up; what it leaves goes with the test's folder.
        .env("TMPDIR", folder)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE");
    command
}

/// What came of a run.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    pub fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    #[track_caller]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n{}\n{}", self.out, self.err);
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}:\n{}", self.out))
    }
}

/// A folder with papers and a site made of them.
pub fn built() -> Place {
    let place = Place::new();
    place.write("papers.jsonl", RECORDS.join("\n"));
    place.index(&["papers.jsonl"]).expect(0);
    place
}

/// Keys of an object, sorted.
pub fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}
