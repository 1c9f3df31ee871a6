//! `POST /change-sets`

use axum::Json;
use counterpart_model::{CrmUserId, DraftEdit, Timestamp};
use counterpart_service::mapping::{CellEdit, EditClash, EditScope};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ChangeSet;
use super::list::ChangeSetWithMaker;
use crate::caller::Caller;
use crate::failure::{Failure, Result};
use crate::input::Body;
use crate::time::{Boundary, period};
use crate::version::Created;
use crate::words::EditClashCause;

/// The most edits of one request.
const MOST: usize = 1_000;

/// Edits that are to be made together.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewChangeSet {
    /// Why.
    reason: Option<String>,
    /// Whether edits that clash with what others changed are left, and the others applied. If
    /// nothing is said, one clash refuses all.
    #[serde(default)]
    leave_clashing: bool,
    /// What is wanted, 1 to 1000 edits.
    #[schema(min_items = 1, max_items = 1000)]
    edits: Vec<Edit>,
}

/// What is wanted for a person in a connection.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Edit {
    /// In which connection.
    connection_id: Uuid,
    /// For whom.
    person_id: Uuid,
    /// What.
    want: Want,
    /// Which CRM user; for `map` and `reject`.
    crm_user_id: Option<String>,
    /// Since when a new mapping holds, inclusive; `always` if only `to` is said. If neither is, it
    /// holds for good, since always or since either side was last mapped otherwise, and mappings
    /// that have ended stay.
    from: Option<Boundary>,
    /// Until when, exclusive; `forever` if nothing is said.
    to: Option<Boundary>,
    /// Why there is no account; for `no_account`.
    reason: Option<String>,
    /// Until when there is no account; for `no_account`. `forever` if nothing is said.
    expires_at: Option<Boundary>,
    /// The mapping that stood there when the edit was made, `null` for none: when something else
    /// stands there by now, nothing of the change set is applied. Left out: whatever stands
    /// there.
    #[serde(default)]
    #[schema(value_type = Option<BasedOn>)]
    based_on: Seen,
}

/// A mapping as somebody saw it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BasedOn {
    /// Which.
    mapping_id: Uuid,
    /// In which version.
    version: u64,
}

/// What somebody saw where the edit is to be made.
#[derive(Debug, Default)]
enum Seen {
    /// They do not say.
    #[default]
    Unsaid,
    /// No mapping: `null`.
    Nothing,
    /// This one.
    Mapping(BasedOn),
}

impl<'de> Deserialize<'de> for Seen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let seen = Option::deserialize(deserializer)?;
        Ok(seen.map_or(Self::Nothing, Self::Mapping))
    }
}

/// `map`: to be mapped to that CRM user instead of whoever it is now; `accept`: the same, as the
/// matcher proposed it; `unmap`: to be mapped to nobody; `no_account`: to be recorded as having
/// no account; `has_account`: to forget that; `reject`: to be recorded as not being that CRM
/// user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Want {
    Map,
    Accept,
    Unmap,
    NoAccount,
    HasAccount,
    Reject,
}

/// A change set, and the edits that are not in it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AppliedChangeSet {
    #[serde(flatten)]
    change_set: ChangeSet,
    /// The edits that were left because they clash; none unless `leave_clashing` was asked for.
    left: Vec<LeftEdit>,
}

/// An edit that was left because it clashes with what was changed since it was made.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LeftEdit {
    /// Its place in `edits`, from 0.
    index: u64,
    /// Why.
    cause: EditClashCause,
    /// What happened, in names.
    detail: String,
    /// The change set that is in the way.
    changed_by: Option<ChangeSetWithMaker>,
}

impl From<EditClash> for LeftEdit {
    fn from(clash: EditClash) -> Self {
        Self {
            index: clash.index as u64,
            cause: clash.cause.into(),
            detail: clash.detail,
            changed_by: clash.changed_by.map(Into::into),
        }
    }
}

/// Applies several edits as one change set. All or nothing, unless `leave_clashing` says
/// otherwise.
///
/// Edits that are true already make no line. Fails with `change_set.empty` when none does, with
/// `mapping.overlap` when two would have the same CRM user, with `mapping.stale` when something
/// was changed meanwhile; `errors` names up to 20 of the edits that clash, with what happened.
#[utoipa::path(
    post,
    path = "/change-sets",
    tag = "Changes",
    request_body = NewChangeSet,
    responses((status = 201, description = "The change set", body = AppliedChangeSet))
)]
pub(super) async fn apply_change_set(
    caller: Caller,
    Body(input): Body<NewChangeSet>,
) -> Result<Created<Json<AppliedChangeSet>>> {
    if !(1..=MOST).contains(&input.edits.len()) {
        return Err(Failure::field("edits", format!("send 1 to {MOST} edits")));
    }
    let edits = (0..)
        .zip(input.edits)
        .map(|(index, edit)| edit.checked(index))
        .collect::<Result<Vec<CellEdit>>>()?;
    let scope = if input.leave_clashing {
        EditScope::Clear
    } else {
        EditScope::Everything
    };
    let applied = caller
        .service
        .apply_clear_edits(&caller.actor, &edits, input.reason, scope)
        .await?;
    Ok(Created {
        location: caller.address(&format!("change-sets/{}", applied.change_set.number)),
        body: Json(AppliedChangeSet {
            change_set: applied.change_set.into(),
            left: applied.left.into_iter().map(LeftEdit::from).collect(),
        }),
    })
}

impl Edit {
    /// The edit as the service takes it; `index` is its place in the list, for messages.
    fn checked(self, index: usize) -> Result<CellEdit> {
        let field = |name: &str| format!("edits[{index}].{name}");
        let maps = matches!(self.want, Want::Map | Want::Accept);
        let names_crm_user = maps || self.want == Want::Reject;
        let is_no_account = self.want == Want::NoAccount;
        let superfluous = [
            ("crm_user_id", self.crm_user_id.is_some() && !names_crm_user),
            ("from", self.from.is_some() && !maps),
            ("to", self.to.is_some() && !maps),
            ("reason", self.reason.is_some() && !is_no_account),
            ("expires_at", self.expires_at.is_some() && !is_no_account),
        ];
        if let Some((name, _)) = superfluous.iter().find(|(_, wrong)| *wrong) {
            return Err(Failure::field(
                &field(name),
                "leave it out: it means nothing for what is wanted",
            ));
        }
        let crm_user = || {
            self.crm_user_id
                .clone()
                .map(CrmUserId)
                .ok_or_else(|| Failure::field(&field("crm_user_id"), "say which CRM user"))
        };
        let edit = match self.want {
            Want::Map | Want::Accept => DraftEdit::Map {
                crm_user_id: crm_user()?,
                accepted: self.want == Want::Accept,
            },
            Want::Unmap => DraftEdit::Unmap,
            Want::NoAccount => DraftEdit::NoAccount {
                reason: self.reason.clone(),
                expires_at: self.expires_at.map_or(Timestamp::FOREVER, Into::into),
            },
            Want::HasAccount => DraftEdit::HasAccount,
            Want::Reject => DraftEdit::Reject {
                crm_user_id: crm_user()?,
            },
        };
        let based_on = match self.based_on {
            Seen::Unsaid => None,
            Seen::Nothing => Some(None),
            Seen::Mapping(seen) => Some(Some((seen.mapping_id.into(), seen.version))),
        };
        Ok(CellEdit {
            based_on,
            period: match (&self.from, &self.to) {
                (None, None) => None,
                _ => Some(period(self.from, self.to)?),
            },
            ..CellEdit::new(self.connection_id.into(), self.person_id.into(), edit)
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn edit(more: &Value) -> Result<CellEdit> {
        let id = "01890a5d-ac96-774b-bcce-b302099a8057";
        let mut whole = json!({"connection_id": id, "person_id": id});
        for (name, value) in more.as_object().expect("an object") {
            whole[name] = value.clone();
        }
        serde_json::from_value::<Edit>(whole)
            .expect("an edit")
            .checked(3)
    }

    #[test]
    fn an_edit_that_must_not_find_a_mapping_says_so_with_null() {
        let any = edit(&json!({"want": "unmap"})).unwrap();
        assert_eq!(any.based_on, None);
        let none = edit(&json!({"want": "unmap", "based_on": null})).unwrap();
        assert_eq!(none.based_on, Some(None));
    }

    #[test]
    fn an_edit_without_its_crm_user_names_its_place() {
        let failure = edit(&json!({"want": "map"})).unwrap_err();
        assert_eq!(failure.problem.errors[0].field, "edits[3].crm_user_id");
    }

    #[test]
    fn a_field_that_means_nothing_for_the_edit_is_refused() {
        let failure = edit(&json!({"want": "unmap", "to": "forever"})).unwrap_err();
        assert_eq!(failure.problem.errors[0].field, "edits[3].to");
    }
}
