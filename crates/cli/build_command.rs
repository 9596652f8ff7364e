//! `offprint build`.

use offprint_index::Layout;

use crate::args::BuildArgs;
use crate::compile::{self, Plan, Summary};
use crate::error::{Result, exit};
use crate::expansions;
use crate::report::{self, BAD, BOLD, FAINT, GOOD, count, size};
use crate::settings::Settings;

/// Runs the command and gives its exit code.
pub fn run(args: &BuildArgs) -> Result<u8> {
    let settings = Settings::of_build(args)?;
    let single = args.single_file.as_ref().map(|_| args.single_file_limit);
    let out = settings.target(args.single_file.as_ref())?;
    let plan = Plan {
        inputs: &settings.inputs,
        out,
        single,
        title: &settings.title,
        description: &settings.description,
        strict: settings.strict,
        keep: settings.keep,
        force: args.force,
        index_only: args.index_only,
        neighbours: settings.neighbours,
        topics: settings.topics,
        expansions: settings.expansions.as_deref(),
        // Larger blocks, which deflate better, and nothing that only ranges need.
        layout: single.map_or(settings.layout, |_| Layout::Chunks),
        memory: args.memory,
        page: &settings.page,
        quiet: args.json,
    };
    report::tell_notes(&settings.notes);
    if let Some(threads) = args.threads {
        // Fails only if threads were started already, and nothing has so far.
        let _ = rayon::ThreadPoolBuilder::new()
            .num_threads(threads.into())
            .build_global();
    }
    let outcome = compile::compile(&plan)?;
    let summary = &outcome.summary;
    report::tell_diagnostics(&outcome.diagnostics, summary.diagnostics_omitted);
    if args.json {
        report::show_json(summary)?;
    } else {
        let next = if args.index_only {
            format!("offprint query {} \"your words\"", out.display())
        } else if single.is_some() {
            format!("open {} in a browser, or hand it around", out.display())
        } else {
            let out = out.display();
            format!("offprint serve {out}, or copy the folder to any static host")
        };
        report::show(&describe(summary, &next))?;
    }
    if summary.written {
        return Ok(0);
    }
    report::tell(&format!(
        "{BAD}error{BAD:#}: {} could not be read, and --strict was given; nothing was written",
        count(summary.skipped_in_all(), "record")
    ));
    Ok(exit::STRICT)
}

fn describe(summary: &Summary, next: &str) -> String {
    let out = summary.out.display();
    let mut text = String::new();
    let mut line = |line: String| {
        text.push_str(&line);
        text.push('\n');
    };
    if summary.written {
        line(format!(
            "{GOOD}Built{GOOD:#} {BOLD}{out}{BOLD:#} with {} in {:.1} s",
            count(summary.papers, "paper"),
            summary.seconds
        ));
    } else {
        line(format!("Read {}", count(summary.papers, "paper")));
    }
    let mut records = format!(
        "  {} in {}",
        count(summary.rows, "record"),
        count(summary.per_input.len() as u64, "input")
    );
    if summary.duplicates > 0 {
        records.push_str(&format!(
            "; {} of papers met before ({})",
            summary.duplicates,
            count(summary.recurring_titles, "recurring title")
        ));
    }
    if summary.skipped > 0 {
        records.push_str(&format!("; {BAD}{} skipped{BAD:#}", summary.skipped));
    }
    line(records);
    if let Some(summary) = &summary.expansions {
        line(expansions::describe(summary));
    }
    if !summary.written {
        return text;
    }
    let parts: Vec<String> = summary
        .sections
        .iter()
        .map(|(name, bytes)| format!("{name} {}", size(*bytes)))
        .collect();
    line(format!(
        "  {}, {} {FAINT}({}){FAINT:#}",
        count(summary.files as u64, "file"),
        size(summary.bytes),
        parts.join(", ")
    ));
    if summary.kept > 0 {
        line(format!(
            "  {} kept for pages that are open now",
            count(summary.kept as u64, "earlier build")
        ));
    }
    line(format!("Next: {next}"));
    text
}
