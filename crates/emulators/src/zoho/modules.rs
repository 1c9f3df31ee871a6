//! The modules of a product: where their records come from and what they demand.

use serde_json::{Value, json};

use super::fields::Field;

/// One module.
#[derive(Debug)]
pub(crate) struct Module {
    pub(crate) api_name: &'static str,
    pub(crate) singular: &'static str,
    pub(crate) plural: &'static str,
    pub(crate) source: Source,
    pub(crate) fields: &'static [Field],
}

/// Where the records of a module come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The customers that are contacts, nobody else.
    Contacts,
    /// The customers that are leads.
    Leads,
    /// All customers: the product has no leads.
    Customers,
    /// The customers' companies.
    Companies,
    /// Clients write them, by these rules.
    Written(Rules),
}

/// What a written record must keep to besides the types of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rules {
    Call,
    Task,
    Note,
}

impl Module {
    /// Whether the connecting user may write its records: customers are only read here.
    pub(crate) fn is_written(&self) -> bool {
        matches!(self.source, Source::Written(_))
    }

    pub(crate) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The module as `settings/modules` shows it.
    pub(crate) fn shown(&self, nth: usize) -> Value {
        let written = self.is_written();
        json!({
            "id": format!("5843104000000021{nth:03}"),
            "api_name": self.api_name,
            "module_name": self.api_name,
            "singular_label": self.singular,
            "plural_label": self.plural,
            "api_supported": true,
            "viewable": true,
            "creatable": written,
            "editable": written,
            "deletable": written,
            "visible": true,
            "status": "visible",
            "generated_type": "default",
        })
    }
}
