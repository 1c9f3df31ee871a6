//! What the terminal, or whoever reads stdout, gets to see.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use counterpart_api::problem::Problem;
use counterpart_model::PendingChangeSet;
use counterpart_service::{Error, Kind};
use serde::Serialize;

/// How a command ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Everything is done.
    Done,
    /// Done, and somebody should look at something.
    Attention,
    /// A brake stopped it before the first change.
    Stopped,
    /// Done, and what it looked at does not work.
    Failed,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Done => Self::SUCCESS,
            Ending::Failed => Self::from(1),
            Ending::Attention => Self::from(2),
            Ending::Stopped => Self::from(3),
        }
    }
}

/// Where results and errors go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether results and errors are JSON.
    pub(crate) const fn is_json(self) -> bool {
        self.json
    }

    /// Whether somebody looks at stderr, so that progress is worth drawing.
    pub(crate) fn is_watched(self) -> bool {
        !self.json && std::io::stderr().is_terminal()
    }

    /// A line of the result.
    #[expect(
        clippy::unused_self,
        reason = "one way of writing, whatever the format"
    )]
    pub(crate) fn line(self, text: impl AsRef<str>) {
        // Whoever closed stdout, like `head`, has seen enough.
        drop(writeln!(std::io::stdout(), "{}", text.as_ref()));
    }

    /// A line beside the result.
    #[expect(
        clippy::unused_self,
        reason = "one way of writing, whatever the format"
    )]
    pub(crate) fn note(self, text: impl AsRef<str>) {
        drop(writeln!(std::io::stderr(), "{}", text.as_ref()));
    }

    /// The result as JSON, or as `text` says.
    pub(crate) fn result<T: Serialize>(self, value: &T, text: impl FnOnce(&T) -> String) {
        if self.json {
            match serde_json::to_string(value) {
                Ok(json) => self.line(json),
                Err(error) => self.note(format!("error: the result cannot be written: {error}")),
            }
        } else {
            self.line(text(value).trim_end());
        }
    }

    /// Says that a change waits for a second person, which is no failure.
    fn waits(self, error: &Error) -> ExitCode {
        let waits = Waits {
            code: error.code().as_str(),
            detail: error.detail(),
            pending: error.waiting(),
        };
        self.result(&waits, |waits| waits.detail.to_owned());
        if !self.json {
            self.note(error.code().remedy());
        }
        Ending::Attention.into()
    }

    /// Says what failed, and what to do.
    pub(crate) fn failed(self, error: &Error) -> ExitCode {
        if error.kind() == Kind::Waiting {
            return self.waits(error);
        }
        if self.json {
            if let Ok(json) = serde_json::to_string(&Problem::of(error)) {
                self.line(json);
            }
        } else {
            self.note(format!("error: {}", error.detail()));
            self.note(format!("  {}", error.code().remedy()));
            self.note(format!("  More: counterpart explain {}", error.code()));
            if let Some(cause) = error.cause() {
                self.note(format!("  Cause: {cause}"));
            }
        }
        let usage = error.code() == counterpart_model::Code::Usage;
        ExitCode::from(if usage { crate::USAGE } else { 1 })
    }
}

/// A change that waits instead of being applied.
#[derive(Serialize)]
struct Waits<'a> {
    code: &'static str,
    detail: &'a str,
    /// What waits; not told by a server.
    pending: Option<&'a PendingChangeSet>,
}

/// A table for a terminal: columns as wide as their widest cell.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        rows.iter()
            .map(|row| row[column].chars().count())
            .chain([head[column].chars().count()])
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let padded: Vec<String> = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:<width$}", width = *width))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(head.to_vec())];
    lines.extend(
        rows.iter()
            .map(|row| line(row.iter().map(String::as_str).collect())),
    );
    lines.join("\n")
}
