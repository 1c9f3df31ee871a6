//! What can go wrong, each with the place and the remedy.

use std::path::{Path, PathBuf};

use counterpart_model::Code;
use counterpart_tabular::TableError;
use serde_json::{Value, json};

/// Why a match did not take place. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MatchError {
    /// The command line contradicts itself or the files' columns.
    #[error("{reason}; {remedy}")]
    Usage {
        /// What is wrong.
        reason: String,
        /// What to do instead.
        remedy: String,
    },
    /// A file's content cannot be used.
    #[error("{}{}: {reason}; {remedy}", path.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
    Content {
        /// Stable code, for `counterpart explain`.
        code: Code,
        /// The file.
        path: PathBuf,
        /// Line, counted from 1, if the fault is in one.
        line: Option<u64>,
        /// What is wrong.
        reason: String,
        /// What to do about it.
        remedy: String,
    },
    /// A file cannot be read or written.
    #[error("{}: cannot {doing}: {source}; check the path and its permissions", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried: `read` or `write`.
        doing: &'static str,
        /// The operating system's reason.
        source: std::io::Error,
    },
}

impl MatchError {
    pub(super) fn usage(reason: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Usage {
            reason: reason.into(),
            remedy: remedy.into(),
        }
    }

    pub(super) fn content(
        code: Code,
        path: &Path,
        line: Option<u64>,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self::Content {
            code,
            path: path.to_owned(),
            line,
            reason: reason.into(),
            remedy: remedy.into(),
        }
    }

    pub(super) fn table(path: &Path, error: TableError) -> Self {
        Self::content(error.code, path, error.line, error.reason, error.remedy)
    }

    pub(super) fn io(path: &Path, doing: &'static str, source: std::io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            doing,
            source,
        }
    }

    /// Exit code: 64 for a wrong command line, 1 for everything else.
    pub(crate) fn exit_code(&self) -> u8 {
        if matches!(self, Self::Usage { .. }) {
            64
        } else {
            1
        }
    }

    /// Stable code of the error.
    pub(crate) fn code(&self) -> Code {
        match self {
            Self::Usage { .. } => Code::Usage,
            Self::Content { code, .. } => *code,
            Self::Io { doing: "read", .. } => Code::FileUnreadable,
            Self::Io { .. } => Code::FileUnwritable,
        }
    }

    /// The error as an RFC 9457 problem, for `--json`.
    pub(crate) fn problem(&self) -> Value {
        let mut problem = json!({
            "type": format!("urn:counterpart:problem:{}", self.code()),
            "title": "the files were not matched",
            "code": self.code(),
            "detail": self.to_string(),
        });
        if let Self::Content {
            path, line, remedy, ..
        } = self
        {
            problem["file"] = json!(path.display().to_string());
            problem["line"] = json!(line);
            problem["remedy"] = json!(remedy);
        }
        problem
    }
}
