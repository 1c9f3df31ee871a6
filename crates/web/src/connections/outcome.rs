//! What a test of a form, or an attempt to save it, showed.

use askama::Template;
use counterpart_service::Error;

use super::fields::CheckView;
use crate::form::FormProblems;
use crate::problem::{Problem, ProblemView};

/// What a test or an attempt to save showed; empty at first.
#[derive(Template)]
#[template(path = "connections/outcome.html")]
pub(super) struct Outcome {
    pub(super) check: Option<CheckView>,
    pub(super) problem: Option<ProblemView>,
    /// What is wrong with single fields: label and message.
    pub(super) fields: Vec<(String, String)>,
    /// Whether it can be saved all the same.
    pub(super) insist: bool,
    /// Whether secrets that were typed are lost on this page.
    pub(super) retype: bool,
}

impl Outcome {
    pub(super) const NONE: Self = Self {
        check: None,
        problem: None,
        fields: Vec::new(),
        insist: false,
        retype: false,
    };

    /// What an error says of a form, and of its fields by what the vendor calls them. Fails with
    /// the error when the form could not help.
    pub(super) fn refused(
        error: &Error,
        label: impl Fn(&str) -> String,
    ) -> Result<(Self, FormProblems), Problem> {
        let problems = FormProblems::of(error)
            .ok_or_else(|| Problem::from(Error::new(error.code(), error.detail())))?;
        let outcome = Self {
            problem: problems.general().cloned(),
            fields: error
                .fields()
                .iter()
                .map(|field| (label(&field.field), field.message.clone()))
                .collect(),
            ..Self::NONE
        };
        Ok((outcome, problems))
    }
}
