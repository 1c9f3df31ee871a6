//! `counterpart match A.csv B.csv --out mapping.csv`: two files of people, tied one to one, without
//! any server.

mod cells;
mod columns;
mod draft;
mod error;
mod evaluation;
mod explanation;
mod ids;
mod labels;
mod outcome;
mod pairs;
mod people;
mod reading;
mod row_writer;
mod rows;
mod summary;

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use counterpart_matching::{Label, Options, match_sides};

use self::draft::Draft;
use self::evaluation::Truth;
use self::explanation::Explainer;
use self::ids::Ids;
use self::labels::Labels;
use self::outcome::Outcome;
use self::pairs::BothIds;
use self::reading::{read_both, with_text};
use self::rows::{MAPPING_HEADER, UNMATCHED_HEADER, mapping_row, unmatched_row};
use self::summary::{Counts, FileSummary, Summary};

pub(crate) use self::columns::ColumnMap;
pub(crate) use self::error::MatchError;

/// Match the people of two CSV files one to one.
#[derive(Debug, clap::Args)]
pub(crate) struct MatchArgs {
    /// First file, for example the people of the phone platform.
    #[arg(value_name = "A.csv")]
    pub(crate) a: PathBuf,
    /// Second file, for example the users of the CRM.
    #[arg(value_name = "B.csv")]
    pub(crate) b: PathBuf,
    /// File to write: `a_id,b_id,score,decision,evidence`.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Column of A whose values are unique.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id_a: Option<String>,
    /// Column of B whose values are unique.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id_b: Option<String>,
    /// What a column holds, where its header does not tell: `a:Work Mail=email`, `b:Ref=ignore`.
    /// Without `a:` or `b:` it counts for both files. May be repeated.
    #[arg(long = "map", value_name = "[a:|b:]COLUMN=FIELD")]
    pub(crate) maps: Vec<ColumnMap>,
    /// Mail domain of the organization. May be repeated; without it the data decides.
    #[arg(long = "domain", value_name = "DOMAIN")]
    pub(crate) domains: Vec<String>,
    /// Past decisions: `a_id,b_id,same` (yes or no), or an earlier mapping whose `decision` was
    /// corrected. They teach, and are kept.
    #[arg(long, value_name = "FILE")]
    pub(crate) labels: Option<PathBuf>,
    /// Several of A may be tied to one of B: seats that people share.
    #[arg(long)]
    pub(crate) many_to_one: bool,
    /// Least probability (0 to 1) of a tie that is certain.
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(crate) min_auto: Option<f64>,
    /// Least probability (0 to 1) of a tie that is worth a look.
    #[arg(long, value_name = "P", value_parser = probability)]
    pub(crate) min_review: Option<f64>,
    /// Print why this id of A has its tie, or none. May be repeated.
    #[arg(long, value_name = "A_ID")]
    pub(crate) explain: Vec<String>,
    /// File to write of those of A without a tie: `a_id,reason,best_b_id,score,evidence`.
    #[arg(long, value_name = "FILE")]
    pub(crate) unmatched: Option<PathBuf>,
    /// Known pairs (`a_id,b_id`): prints precision, recall and F1.
    #[arg(long, value_name = "FILE")]
    pub(crate) truth: Option<PathBuf>,
    /// Print the summary (or the error) as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Runs the command: the summary goes to stdout, progress and errors to stderr (with `--json` the
/// error is the result, on stdout). Exit codes: 0 done, 1 failed, 64 wrong usage.
pub(crate) fn execute(args: &MatchArgs) -> ExitCode {
    let outcome = run(args);
    let (text, code) = match &outcome {
        Ok(summary) if args.json => (summary.to_json().to_string(), 0),
        Ok(summary) => (summary.to_text(), 0),
        Err(error) if args.json => (error.problem().to_string(), error.exit_code()),
        Err(error) => {
            // A closed stderr leaves nobody to tell.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            return ExitCode::from(error.exit_code());
        }
    };
    match writeln!(std::io::stdout(), "{text}") {
        Ok(()) => ExitCode::from(code),
        Err(_) => ExitCode::from(1),
    }
}

/// Reads, matches, evaluates and, when all that went well, writes.
pub(crate) fn run(args: &MatchArgs) -> Result<Summary, MatchError> {
    refuse_overwriting(args)?;
    let mut options = options_of(args)?;
    let (a, b) = (args.a.display(), args.b.display());
    progress(&format!("reading {a} and {b}"));
    let (left, right) = read_both(args)?;
    let ids = BothIds {
        left: &left.ids,
        right: &right.ids,
    };
    let wanted = rows_of(args, &left.ids)?;
    let truth = match &args.truth {
        Some(path) => Some(with_text(path, |text| Truth::read(path, text, ids))?),
        None => None,
    };
    let mut label_counts = None;
    if let Some(path) = &args.labels {
        let labels = with_text(path, |text| Labels::read(path, text, ids, args.many_to_one))?;
        label_counts = Some(labels.counts);
        keep(labels.known, &mut options);
    }
    let (lefts, rights) = (left.side.len(), right.side.len());
    progress(&format!("matching {lefts} with {rights} records"));
    let matches = match_sides(left.side, right.side, &options);
    let outcome = Outcome::new(matches, Labels::same(&options.labels));
    let evaluation = truth.map(|truth| truth.evaluate(&outcome));
    progress(&format!("writing {}", args.out.display()));
    write(args, ids, &outcome)?;
    let explainer = Explainer {
        ids,
        outcome: &outcome,
        review_threshold: options.review_threshold,
    };
    Ok(Summary {
        explanations: wanted
            .into_iter()
            .map(|row| explainer.explain(row))
            .collect(),
        out: args.out.clone(),
        unmatched_out: args.unmatched.clone(),
        counts: Counts::of(&outcome),
        files: [
            FileSummary::new(args.a.clone(), lefts, left.columns),
            FileSummary::new(args.b.clone(), rights, right.columns),
        ],
        labels: label_counts,
        evaluation,
    })
}

/// A probability of the command line.
fn probability(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|probability| (0.0..=1.0).contains(probability))
        .ok_or_else(|| "expected a probability from 0 to 1, for example 0.95".to_owned())
}

fn options_of(args: &MatchArgs) -> Result<Options, MatchError> {
    let usual = Options::default();
    let options = Options {
        auto_threshold: args.min_auto.unwrap_or(usual.auto_threshold),
        review_threshold: args.min_review.unwrap_or(usual.review_threshold),
        own_domains: args.domains.clone(),
        many_to_one: args.many_to_one,
        ..usual
    };
    let (auto, review) = (options.auto_threshold, options.review_threshold);
    if review > auto {
        return Err(MatchError::usage(
            format!("what is worth a look ({review}) would be surer than what is certain ({auto})"),
            "give --min-review at most the value of --min-auto",
        ));
    }
    Ok(options)
}

/// Lets past decisions teach, and takes those who are tied out of the match.
fn keep(known: Vec<Label>, options: &mut Options) {
    let same = || known.iter().filter(|label| label.same);
    options.taken_left = same().map(|label| label.left).collect();
    if !options.many_to_one {
        options.taken_right = same().map(|label| label.right).collect();
    }
    options.labels = known;
}

/// The rows of A that are to be explained.
fn rows_of(args: &MatchArgs, ids: &Ids) -> Result<Vec<u32>, MatchError> {
    let row = |id: &String| {
        ids.find(id.trim()).ok_or_else(|| {
            MatchError::usage(
                format!("{} has no row with the id '{id}'", args.a.display()),
                "give --explain an id of A as its file has it",
            )
        })
    };
    args.explain.iter().map(row).collect()
}

/// Writes all files that were asked for, and none if one cannot be written.
fn write(args: &MatchArgs, ids: BothIds<'_>, outcome: &Outcome) -> Result<(), MatchError> {
    let mut mapping = Draft::create(&args.out)?;
    let ties = outcome.ties();
    mapping.write(MAPPING_HEADER, ties.len(), || {
        let explainer = outcome.matches().explainer();
        move |place, buffer: &mut Vec<u8>| mapping_row(ids, &explainer, &ties[place], buffer)
    })?;
    if let Some(path) = &args.unmatched {
        let without = outcome.unmatched();
        let mut draft = Draft::create(path)?;
        draft.write(UNMATCHED_HEADER, without.len(), || {
            let explainer = outcome.matches().explainer();
            move |place, buffer: &mut Vec<u8>| {
                unmatched_row(ids, &explainer, without[place], buffer);
            }
        })?;
        draft.publish()?;
    }
    mapping.publish()
}

/// No output may be an input or another output.
fn refuse_overwriting(args: &MatchArgs) -> Result<(), MatchError> {
    let same = |one: &Path, other: &Path| match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    };
    let inputs = [
        Some(&args.a),
        Some(&args.b),
        args.truth.as_ref(),
        args.labels.as_ref(),
    ];
    let outputs = [
        ("--out", Some(&args.out)),
        ("--unmatched", args.unmatched.as_ref()),
    ];
    for (flag, output) in outputs {
        let Some(output) = output else { continue };
        if let Some(input) = inputs.iter().flatten().find(|input| same(input, output)) {
            return Err(MatchError::usage(
                format!("{flag} would overwrite the input {}", input.display()),
                "choose another file",
            ));
        }
    }
    match &args.unmatched {
        Some(unmatched) if same(unmatched, &args.out) => Err(MatchError::usage(
            format!("--out and --unmatched are both {}", unmatched.display()),
            "choose two files",
        )),
        _ => Ok(()),
    }
}

/// A line for a human who waits.
fn progress(text: &str) {
    let mut stderr = std::io::stderr();
    if stderr.is_terminal() {
        // Progress that cannot be shown is no reason to stop.
        let _ = writeln!(stderr, "{text} …");
    }
}

#[cfg(test)]
mod tests;
