//! What is wrong with a form, so that its page can say it beside the fields.

use std::collections::BTreeMap;

use counterpart_service::{Error, Kind};

use crate::problem::ProblemView;

/// What is wrong with a form. Nothing, at first.
#[derive(Debug, Default)]
pub(crate) struct FormProblems {
    fields: BTreeMap<String, String>,
    general: Option<ProblemView>,
}

impl FormProblems {
    /// What `error` says about the form; `None` when it is no fault of the form's, so that the
    /// page could not help.
    pub(crate) fn of(error: &Error) -> Option<Self> {
        let about_form = matches!(
            error.kind(),
            Kind::Invalid
                | Kind::Conflict
                | Kind::Upstream
                | Kind::Unauthenticated
                | Kind::Throttled
        );
        about_form.then(|| Self::said(error))
    }

    fn said(error: &Error) -> Self {
        let fields: BTreeMap<String, String> = error
            .fields()
            .iter()
            .map(|field| (field.field.clone(), field.message.clone()))
            .collect();
        let general = fields.is_empty().then(|| ProblemView::from(error));
        Self { fields, general }
    }

    /// What is wrong with one field.
    pub(crate) fn problem(&self, field: impl AsRef<str>) -> Option<&str> {
        self.fields.get(field.as_ref()).map(String::as_str)
    }

    /// Whether anything is wrong.
    pub(crate) fn any(&self) -> bool {
        self.general.is_some() || !self.fields.is_empty()
    }

    /// What is wrong with the form as a whole.
    pub(crate) fn general(&self) -> Option<&ProblemView> {
        self.general.as_ref()
    }
}
