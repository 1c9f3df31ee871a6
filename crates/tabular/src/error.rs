//! What is wrong with a file, where, and what to do.

use counterpart_model::Code;

/// A file's content cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{reason}; {remedy}", .line.map(|line| format!("line {line}: ")).unwrap_or_default())]
pub struct TableError {
    /// The stable code.
    pub code: Code,
    /// The line, from 1, if the fault is in one.
    pub line: Option<u64>,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

impl TableError {
    /// The error about `line`, or about the whole file.
    pub fn new(
        code: Code,
        line: Option<u64>,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            code,
            line,
            reason: reason.into(),
            remedy: remedy.into(),
        }
    }
}
