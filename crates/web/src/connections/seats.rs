//! Who a CRM user is, may be and is to be, with what to do about it: a cell of the mapping seen
//! from the CRM's side.

use askama::Template;
use counterpart_model::{Connection, CrmUserId, DecisionId, DraftEdit, Side};
use counterpart_service::mapping::{Names, PivotRow, PivotSeat, Standing, Unnamed};

use crate::mapping::{Drafted, Drifting, hand_over_path};
use crate::problem::Problem;
use crate::request::address;
use crate::session::Portal;
use crate::words::percent;

/// What all cells of a page have in common.
pub(super) struct UserSeats {
    connection: Connection,
    /// Where verbs lead back to.
    back: String,
    names: Names,
}

/// One CRM user's cell.
#[derive(Template)]
#[template(path = "connections/whose.html")]
pub(super) struct Whose {
    user: String,
    user_id: String,
    back: String,
    /// Where decisions are sent.
    users_path: String,
    /// Where it is mapped by two fields.
    add: String,
    options: String,
    seats: Vec<Seated>,
    /// The decision that it is no human being.
    not_a_person: Option<DecisionId>,
    /// The decision that several people share it.
    shared: Option<DecisionId>,
    /// Whether somebody is it, or is to be.
    taken: bool,
    may_edit: bool,
}

/// A person in the cell.
struct Seated {
    id: String,
    name: String,
    path: String,
    /// Where the verbs of the person's cell are.
    seat: String,
    mapped: bool,
    likely: Option<u8>,
    drift: Option<Drifting>,
    drafted: Option<Drafted>,
    hand_over: String,
}

impl UserSeats {
    /// The cells of a connection; verbs lead back to `back`.
    pub(super) async fn of(
        portal: &Portal,
        connection: &Connection,
        back: String,
    ) -> Result<Self, Problem> {
        Ok(Self {
            connection: connection.clone(),
            back,
            // Only the CRM users of the rows themselves are named, which are known.
            names: portal
                .service
                .names(&portal.actor, &Unnamed::default())
                .await?,
        })
    }

    /// The names of CRM users that drafts of the rows speak of.
    pub(super) async fn naming(
        mut self,
        portal: &Portal,
        rows: &[PivotRow],
    ) -> Result<Self, Problem> {
        let drafts = rows
            .iter()
            .flat_map(|row| &row.seats)
            .filter_map(|seat| seat.draft.as_ref());
        let unnamed = Unnamed {
            crm_users: drafts
                .filter_map(|draft| match &draft.edit {
                    DraftEdit::Map { crm_user_id, .. } | DraftEdit::Reject { crm_user_id } => {
                        Some((draft.connection_id, crm_user_id.clone()))
                    }
                    _ => None,
                })
                .collect(),
            ..Unnamed::default()
        };
        self.names = portal.service.names(&portal.actor, &unnamed).await?;
        Ok(self)
    }

    /// The cell of one CRM user.
    pub(super) fn whose(&self, portal: &Portal, row: &PivotRow) -> Whose {
        let id = &row.crm_user.id;
        let connection = self.connection.id.to_string();
        let seats: Vec<Seated> = row
            .seats
            .iter()
            .map(|seat| self.seated(portal, id, seat))
            .collect();
        let asked = [
            ("connection", connection.as_str()),
            ("crm_user", &id.0),
            ("back", &self.back),
        ];
        Whose {
            user: row.crm_user.profile.display_name.clone(),
            user_id: id.0.clone(),
            back: self.back.clone(),
            users_path: portal.path(&format!("/connections/{connection}/users")),
            add: address(&portal.path("/mapping/add"), &asked),
            options: address(
                &portal.path("/mapping/people-options"),
                &[("connection", &connection)],
            ),
            not_a_person: row.not_a_person().map(|decision| decision.id),
            shared: row.shared_seat().map(|decision| decision.id),
            taken: row.seats.iter().any(|seat| is_taken(seat, id)),
            seats,
            // The users of a platform are the people; nobody is mapped to them.
            may_edit: portal.may_edit() && self.connection.side != Side::Platform,
        }
    }

    fn seated(&self, portal: &Portal, id: &CrmUserId, seat: &PivotSeat) -> Seated {
        let base = portal.path("");
        let person = &seat.person;
        let connection = self.connection.id;
        let (mapped, likely, drift) = match &seat.standing {
            Standing::Mapped { drift, .. } => (true, None, drift.as_deref()),
            Standing::Proposed { score, .. } => (false, Some(percent(*score)), None),
            Standing::Drafted => (false, None, None),
        };
        Seated {
            id: format!("seat-{connection}-{}", person.id),
            name: person.profile.display_name.clone(),
            path: format!("{base}/people/{}", person.id),
            seat: format!("{base}/mapping/{connection}/{}", person.id),
            mapped,
            likely,
            drift: drift.map(|drift| Drifting::of(&base, drift)),
            drafted: seat
                .draft
                .as_ref()
                .map(|draft| Drafted::of(draft, None, &self.names)),
            hand_over: hand_over_path(&base, connection, &id.0),
        }
    }
}

/// Whether a seat takes the CRM user: mapped and not to be removed, or to be mapped.
fn is_taken(seat: &PivotSeat, id: &CrmUserId) -> bool {
    match seat.draft.as_ref().map(|draft| &draft.edit) {
        Some(DraftEdit::Map { crm_user_id, .. }) => crm_user_id == id,
        Some(DraftEdit::Unmap | DraftEdit::NoAccount { .. }) => false,
        _ => matches!(seat.standing, Standing::Mapped { .. }),
    }
}
