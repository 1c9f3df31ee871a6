//! Users as other records name them, looked up for a whole page at once.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use crate::core::Core;

/// The users that a page of records names.
#[derive(Debug, Default)]
pub(crate) struct People {
    named: HashMap<String, Value>,
    connecting: Value,
}

impl People {
    /// These users, and the one the connection signs in as.
    pub(crate) fn of<'a>(core: &Core, ids: impl Iterator<Item = &'a str>) -> Self {
        let wanted: HashSet<&str> = ids.collect();
        let directory = core.directory();
        let named = directory
            .users()
            .iter()
            .filter(|user| wanted.contains(user.id.as_str()))
            .map(|user| {
                let shown = json!({ "id": user.id, "name": user.full_name(), "email": user.email });
                (user.id.clone(), shown)
            })
            .collect();
        let connecting = directory.connecting().map_or(
            Value::Null,
            |user| json!({ "id": user.id, "name": user.full_name(), "email": user.email }),
        );
        Self { named, connecting }
    }

    /// The user of this id; null when there is none.
    pub(crate) fn named(&self, id: Option<&str>) -> Value {
        id.and_then(|id| self.named.get(id))
            .cloned()
            .unwrap_or(Value::Null)
    }

    /// The user the connection signs in as.
    pub(crate) fn connecting(&self) -> Value {
        self.connecting.clone()
    }
}
