//! What is known of an object and its fields; the objects themselves are in `objects`.

use super::objects::{NAME, OBJECTS};

/// The type of a field, as `describe` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Id,
    Text(u32),
    TextArea(u32),
    /// Text with suggestions.
    Combobox(u32),
    Email,
    Phone,
    Boolean,
    Integer,
    DateTime,
    Date,
    Picklist,
    /// The objects referred to and the name of the relationship.
    Reference(&'static [&'static str], Option<&'static str>),
}

impl Type {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text(_) => "string",
            Self::TextArea(_) => "textarea",
            Self::Combobox(_) => "combobox",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Boolean => "boolean",
            Self::Integer => "int",
            Self::DateTime => "datetime",
            Self::Date => "date",
            Self::Picklist => "picklist",
            Self::Reference(..) => "reference",
        }
    }

    /// The longest text, in characters; 0 where values are not text.
    pub(crate) fn length(self) -> u32 {
        match self {
            Self::Text(length) | Self::TextArea(length) | Self::Combobox(length) => length,
            Self::Id | Self::Reference(..) => 18,
            Self::Email => 128,
            Self::Phone => 40,
            Self::Picklist => 255,
            Self::Boolean | Self::Integer | Self::DateTime | Self::Date => 0,
        }
    }

    /// Whether values are compared as ids are.
    pub(crate) fn is_id(self) -> bool {
        matches!(self, Self::Id | Self::Reference(..))
    }
}

/// When a client may set a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    Never,
    /// Only when the record is made.
    Once,
    Always,
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: Type,
    pub(crate) nillable: bool,
    pub(crate) setting: Setting,
    /// Whether records can be found and upserted by it.
    pub(crate) external_id: bool,
}

impl Field {
    /// A client may set it.
    pub(crate) const fn set(self) -> Self {
        Self {
            setting: Setting::Always,
            ..self
        }
    }

    /// A client may set it when the record is made.
    pub(crate) const fn once(self) -> Self {
        Self {
            setting: Setting::Once,
            ..self
        }
    }

    /// An external id.
    pub(crate) const fn external(self) -> Self {
        Self {
            external_id: true,
            ..self
        }
    }
}

/// One object.
#[derive(Debug)]
pub(crate) struct Object {
    pub(crate) name: &'static str,
    pub(crate) label_plural: &'static str,
    pub(crate) key_prefix: &'static str,
    pub(crate) fields: &'static [Field],
    /// Whether the connecting user may create and change records.
    pub(crate) writable: bool,
}

impl Object {
    /// The field of that name in any case.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case(name))
    }

    /// The field behind a relationship's name in any case. One that leads to several objects
    /// shows only what they have in common.
    pub(crate) fn relationship(&self, name: &str) -> Option<(&'static str, &'static Object)> {
        self.fields.iter().find_map(|field| match field.kind {
            Type::Reference(objects, Some(relationship))
                if relationship.eq_ignore_ascii_case(name) =>
            {
                let target = match objects {
                    [one] => find(one),
                    _ => Some(&NAME),
                };
                target.map(|object| (relationship, object))
            }
            _ => None,
        })
    }

    /// Whether searches find its records.
    pub(crate) fn is_searchable(&self) -> bool {
        ["User", "Contact", "Lead", "Account", "Task", "Event"].contains(&self.name)
    }
}

/// The object of that name in any case.
pub(crate) fn find(name: &str) -> Option<&'static Object> {
    OBJECTS
        .iter()
        .find(|object| object.name.eq_ignore_ascii_case(name))
}

/// A field that always has a value and no client sets.
pub(crate) const fn need(name: &'static str, kind: Type) -> Field {
    Field {
        name,
        kind,
        nillable: false,
        setting: Setting::Never,
        external_id: false,
    }
}

/// A field that may be empty and no client sets.
pub(crate) const fn may(name: &'static str, kind: Type) -> Field {
    Field {
        nillable: true,
        ..need(name, kind)
    }
}
