//! What is known of a table and its columns; the tables themselves are in `entities`.

use super::entities::ENTITIES;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Id,
    Guid,
    /// Text of at most so many characters.
    Text(usize),
    Integer,
    BigInt,
    Boolean,
    Time,
    /// The choices there are: value and label.
    Choice(&'static [(i64, &'static str)]),
    /// A reference to a record of one of these tables. Reads as `_name_value`.
    Lookup(&'static [&'static str]),
}

impl Kind {
    /// The type's name in OData.
    pub(crate) fn edm(self) -> &'static str {
        match self {
            Self::Id | Self::Guid | Self::Lookup(_) => "Edm.Guid",
            Self::Text(_) => "Edm.String",
            Self::Integer | Self::Choice(_) => "Edm.Int32",
            Self::BigInt => "Edm.Int64",
            Self::Boolean => "Edm.Boolean",
            Self::Time => "Edm.DateTimeOffset",
        }
    }

    /// The type's name in the tables' own descriptions.
    pub(crate) fn attribute_type(self) -> &'static str {
        match self {
            Self::Id | Self::Guid => "Uniqueidentifier",
            Self::Text(length) if length > 4000 => "Memo",
            Self::Text(_) => "String",
            Self::Integer => "Integer",
            Self::BigInt => "BigInt",
            Self::Boolean => "Boolean",
            Self::Time => "DateTime",
            Self::Choice(_) => "Picklist",
            Self::Lookup(_) => "Lookup",
        }
    }
}

/// When a client may set a column. What it may not set it may send: it is ignored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    Never,
    Once,
    Later,
    Always,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    /// Its logical name.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) setting: Setting,
}

impl Column {
    /// Its name in JSON and in queries.
    pub(crate) fn wire(&self) -> String {
        match self.kind {
            Kind::Lookup(_) => format!("_{}_value", self.name),
            _ => self.name.to_owned(),
        }
    }

    fn is_called(&self, wire: &str) -> bool {
        match self.kind {
            Kind::Lookup(_) => {
                let name = wire
                    .strip_prefix('_')
                    .and_then(|name| name.strip_suffix("_value"));
                name == Some(self.name)
            }
            _ => self.name == wire,
        }
    }

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

    /// A client may set it once the record is there.
    pub(crate) const fn later(self) -> Self {
        Self {
            setting: Setting::Later,
            ..self
        }
    }
}

/// A property that leads to one other record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Navigation {
    pub(crate) name: &'static str,
    /// The column behind it.
    pub(crate) column: &'static str,
    /// The table it leads to.
    pub(crate) target: &'static str,
}

/// One table.
#[derive(Debug)]
pub(crate) struct Entity {
    /// Its logical name.
    pub(crate) name: &'static str,
    /// Its name in addresses.
    pub(crate) set: &'static str,
    /// The column of its ids.
    pub(crate) key: &'static str,
    /// The column that names a record to people.
    pub(crate) title: &'static str,
    pub(crate) columns: &'static [Column],
    pub(crate) navigations: &'static [Navigation],
    /// Columns by which alone a record can be addressed.
    pub(crate) alternate_keys: &'static [&'static str],
    /// Whether changes are tracked.
    pub(crate) tracked: bool,
    /// Whether the connecting user may write records.
    pub(crate) writable: bool,
}

impl Entity {
    /// The column of that name as queries write it; names are case-sensitive.
    pub(crate) fn column(&self, wire: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.is_called(wire))
    }

    /// The property of that name that leads to another record.
    pub(crate) fn navigation(&self, name: &str) -> Option<&'static Navigation> {
        self.navigations
            .iter()
            .find(|navigation| navigation.name == name)
    }
}

/// The table of that set.
pub(crate) fn by_set(set: &str) -> Option<&'static Entity> {
    ENTITIES.iter().find(|entity| entity.set == set)
}

/// The table of that logical name.
pub(crate) fn by_name(name: &str) -> Option<&'static Entity> {
    ENTITIES.iter().find(|entity| entity.name == name)
}

/// A column that no client sets.
pub(crate) const fn column(name: &'static str, kind: Kind) -> Column {
    Column {
        name,
        kind,
        setting: Setting::Never,
    }
}

/// A property that leads to one other record.
pub(crate) const fn to(
    name: &'static str,
    column: &'static str,
    target: &'static str,
) -> Navigation {
    Navigation {
        name,
        column,
        target,
    }
}
