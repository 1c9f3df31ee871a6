//! Each operation, done twice: on the books and by the service. Those of files and of CRMs are
//! beside this.

use counterpart_model::{
    ChangeLine, Code, CrmUserId, Decision, DraftEdit, DriftCause, Mapping, PersonId,
};
use counterpart_service::mapping::{CellEdit, EditScope, HandOver, UndoScope};
use counterpart_service::people::{EndMappings, PersonInput};

use super::books::{Books, Worker};
use super::drafts::Drafted;
use super::game::{Game, Outcome, Performed, draft_edit, new_person, told};
use super::operation::{Leaving, Number, Operation, Place, Row};
use super::questions::user_id;
use super::rules::{Cell, Want};
use super::undoing::undo;

/// As many people are hired as there are names.
const MOST_HIRED: usize = 9;

impl Game<'_> {
    pub(super) async fn perform(&mut self, operation: &Operation) -> Performed {
        match operation {
            Operation::Map(place, row) => self.map(*place, row).await,
            Operation::Wish(place, person, wish) => {
                let cell = (*place, self.person_id(*person));
                let want = self.want(wish);
                self.apply(cell, want).await
            }
            Operation::Draft(place, person, wish) => {
                let cell = (*place, self.person_id(*person));
                let want = self.want(wish);
                self.draft(cell, want).await
            }
            Operation::SaveDraft { clear_only } => self.save_draft(*clear_only).await,
            Operation::AcceptCertain(place) => self.accept_certain(*place).await,
            Operation::NotAPerson(place, user) => self.not_a_person(*place, &user_id(*user)).await,
            Operation::Share(place, user) => self.share(*place, &user_id(*user)).await,
            Operation::Withdraw(number) => self.withdraw(*number).await,
            Operation::HandOver { .. } => self.hand_over(operation).await,
            Operation::ImportPairs(place, pairs) => self.import_pairs(*place, pairs).await,
            Operation::ImportFile { .. } => self.import_file(operation).await,
            Operation::Export => self.export().await,
            Operation::ImportExport(number) => self.import_export(*number).await,
            Operation::Leave(person, leaving) => self.leave(*person, *leaving).await,
            Operation::Return(person) => self.bring_back(*person).await,
            Operation::Hire => self.hire().await,
            Operation::Retitle(person, title) => self.retitle(*person, *title).await,
            Operation::Undo { back, rest } => self.undo(*back, *rest).await,
            Operation::Sync {
                place,
                quick,
                weather,
            } => self.sync(*place, *quick, *weather).await,
            Operation::Exodus(place, many) => Ok(self.exodus(*place, *many)),
            Operation::Allow(place) => self.decide_run(*place, true).await,
            Operation::RejectRun(place) => self.decide_run(*place, false).await,
            Operation::InCrm(place, user, edit) => Ok(self.in_crm(*place, *user, *edit)),
            Operation::Wait(seconds) => {
                self.table.world.clock.advance(*seconds);
                Ok(Outcome::Nothing)
            }
        }
    }

    async fn map(&mut self, place: Place, row: &Row) -> Performed {
        let cell = (place, self.person_id(row.person));
        let want = Want::Map {
            user: user_id(row.user),
            period: match row.period {
                (None, None) => None,
                ends => Some(self.period(ends)),
            },
            origin: "manual",
        };
        self.apply(cell, want).await
    }

    async fn apply(&mut self, cell: Cell, want: Want) -> Performed {
        let edit = self.cell_edit(cell, &want);
        let happened = self.service().apply_edits(&self.actor, &[edit], None).await;
        let expected = match want.user() {
            Some(user) if !self.is_known(cell.0, user) => Err(Code::CrmUserNotFound),
            _ => self.books.edited(self.now(), &[(cell, want)]),
        };
        self.ruled(expected, happened)
    }

    async fn draft(&mut self, cell: Cell, want: Want) -> Performed {
        let connection = self.places[cell.0];
        let edit = draft_edit(&want);
        let happened = self
            .service()
            .draft(&self.actor, connection, cell.1, edit)
            .await;
        let user = want.user();
        if user.is_some_and(|user| !self.is_known(cell.0, user)) {
            return match happened {
                Err(error) if error.code() == Code::CrmUserNotFound => Ok(Outcome::Refused),
                happened => Err(told::<(), _>(Err(Code::CrmUserNotFound), happened)),
            };
        }
        happened.map_err(|error| error.to_string())?;
        let drafted = Drafted {
            want,
            based_on: self.holding(cell),
            at: self.now(),
        };
        self.draft.insert(cell, drafted);
        Ok(Outcome::Nothing)
    }

    async fn save_draft(&mut self, clear_only: bool) -> Performed {
        let scope = if clear_only {
            EditScope::Clear
        } else {
            EditScope::Everything
        };
        let happened = self.service().save_draft(&self.actor, None, scope).await;
        let saving = self.books.saving(
            &self.draft,
            self.now(),
            |cell| self.holding(cell),
            clear_only,
        );
        let saving = match saving {
            Ok(saving) => saving,
            Err(code) => return self.ruled(Err(code), happened.map(|saved| saved.change_set)),
        };
        let expected = self.books.edited(self.now(), &saving.wants);
        let left = happened.as_ref().map_or(0, |saved| saved.left);
        let is_true = saving.wants.is_empty() && saving.left.is_empty();
        let outcome = self.ruled(expected, happened.map(|saved| saved.change_set))?;
        // What is true by now is no longer wanted.
        if is_true || matches!(outcome, Outcome::Changed) {
            if !is_true && left != saving.left.len() as u64 {
                return Err(format!("{left} edits are left, not {:?}", saving.left));
            }
            self.draft.retain(|cell, _| saving.left.contains(cell));
        }
        Ok(outcome)
    }

    async fn accept_certain(&mut self, place: Option<Place>) -> Performed {
        let connection = place.map(|place| self.places[place]);
        let edits = self.service().certain_edits(&self.actor, connection).await;
        let edits = edits.map_err(|error| error.to_string())?;
        let wants: Option<Vec<(Cell, Want)>> =
            edits.iter().map(|edit| self.accepted(edit)).collect();
        let wants = wants.ok_or("what is certain is no mapping")?;
        self.check_none_ambiguous(&wants).await?;
        let expected = self.books.edited(self.now(), &wants);
        let happened = self.service().accept_certain(&self.actor, connection).await;
        self.ruled(expected, happened)
    }

    fn accepted(&self, edit: &CellEdit) -> Option<(Cell, Want)> {
        let mut places = self.places.iter();
        let place = places.position(|place| *place == edit.connection_id)?;
        match &edit.edit {
            DraftEdit::Map {
                crm_user_id,
                accepted: true,
            } if edit.period.is_none() => {
                let want = Want::map(crm_user_id.0.clone(), "proposal");
                Some(((place, edit.person_id), want))
            }
            _ => None,
        }
    }

    async fn not_a_person(&mut self, place: Place, user: &str) -> Performed {
        let id = CrmUserId(user.to_owned());
        let service = self.service();
        let happened = service
            .decide_not_a_person(&self.actor, self.places[place], &id, None)
            .await;
        let expected = if self.is_known(place, user) {
            self.books.not_a_person(self.now(), place, user)
        } else {
            Err(Code::CrmUserNotFound)
        };
        self.ruled(expected, happened)
    }

    async fn share(&mut self, place: Place, user: &str) -> Performed {
        let id = CrmUserId(user.to_owned());
        let service = self.service();
        let happened = service
            .decide_shared_seat(&self.actor, self.places[place], &id, None)
            .await;
        let expected = if self.is_known(place, user) {
            self.books.share(self.now(), place, user)
        } else {
            Err(Code::CrmUserNotFound)
        };
        self.ruled(expected, happened)
    }

    async fn withdraw(&mut self, number: Number) -> Performed {
        let decisions: &[Decision] = &self.standing.decisions;
        let Some(decision) = decisions.get(number % decisions.len().max(1)) else {
            return Ok(Outcome::Skipped);
        };
        let alone = crate::standing::Standing {
            decisions: vec![decision.clone()],
            ..Default::default()
        };
        let ruling = Books::of(&alone, &self.places).rulings.remove(0);
        let expected = self.books.withdraw(&ruling);
        let service = self.service();
        let happened = service.withdraw_decision(&self.actor, decision.id).await;
        self.ruled(expected, happened)
    }

    async fn hand_over(&mut self, operation: &Operation) -> Performed {
        let Operation::HandOver {
            place,
            user,
            person,
            from,
            instead_of,
        } = operation
        else {
            return Ok(Outcome::Skipped);
        };
        let user = user_id(*user);
        let from = self.instant(*from);
        let instead_of: Option<PersonId> = instead_of.map(|number| self.person_id(number));
        let wanted = HandOver {
            connection_id: self.places[*place],
            crm_user_id: CrmUserId(user.clone()),
            person_id: self.person_id(*person),
            from: from.to_string(),
            instead_of,
        };
        let service = self.service();
        let happened = service.hand_over(&self.actor, &wanted, None).await;
        let seat = (*place, user.as_str());
        let expected = if self.is_known(*place, &user) {
            let person = wanted.person_id;
            self.books
                .hand_over(self.now(), seat, person, from, instead_of)
        } else {
            Err(Code::CrmUserNotFound)
        };
        self.ruled(expected, happened.map(|(_, change_set)| change_set))
    }

    async fn leave(&mut self, number: Number, leaving: Leaving) -> Performed {
        let (id, external_id) = self.named(number);
        let (end, ends) = match leaving {
            Leaving::Now => (EndMappings::Now, true),
            Leaving::Keep => (EndMappings::Keep, false),
        };
        let service = self.service();
        let happened = service.deactivate_person(&self.actor, id, &end).await;
        let expected = match self.books.left(self.now(), id, &external_id, ends) {
            // That a mapping goes on all the same is noted with it, whoever left when.
            Err(Code::ChangeSetEmpty) if !ends && self.is_unconfirmed(id) => Ok(self.books.clone()),
            expected => expected,
        };
        self.ruled(expected, happened)
    }

    fn is_unconfirmed(&self, person: PersonId) -> bool {
        let now = self.now();
        let mappings = self.standing.mappings.iter();
        let mut holding = mappings.filter(|it| it.person_id == person && it.period.contains(now));
        holding.any(|mapping| {
            let witness = mapping.witness.as_ref();
            witness.is_some_and(|witness| !witness.accepted.contains(&DriftCause::PersonLeft))
        })
    }

    async fn bring_back(&mut self, number: Number) -> Performed {
        let (id, external_id) = self.named(number);
        let happened = self.service().reactivate_person(&self.actor, id).await;
        let back = |worker: &mut Worker| worker.active = true;
        let expected = self.books.with_worker(&external_id, back);
        self.ruled(expected, happened)
    }

    fn named(&self, number: Number) -> (PersonId, String) {
        let person = self.person(number);
        (person.id, person.external_id.clone().unwrap_or_default())
    }

    async fn hire(&mut self) -> Performed {
        if self.hired >= MOST_HIRED {
            return Ok(Outcome::Skipped);
        }
        let input = new_person(self.hired);
        self.hired += 1;
        self.books.workers.push(Worker {
            external_id: input.external_id.clone(),
            name: input.display_name.clone(),
            title: None,
            active: true,
        });
        self.books = std::mem::take(&mut self.books).in_order();
        let added = self.service().add_person(&self.actor, &input).await;
        added.map_err(|error| error.to_string())?;
        Ok(Outcome::Changed)
    }

    async fn retitle(&mut self, number: Number, title: u8) -> Performed {
        let person = self.person(number).clone();
        let title = format!("Agent {title}");
        let input = PersonInput {
            title: title.clone(),
            ..PersonInput::of(&person, &[])
        };
        let service = self.service();
        let happened = service
            .edit_person(&self.actor, person.id, person.version, &input)
            .await;
        let change = |worker: &mut Worker| worker.title = Some(title.clone());
        let external_id = person.external_id.unwrap_or_default();
        let expected = self.books.with_worker(&external_id, change);
        self.ruled(expected, happened)
    }

    async fn undo(&mut self, back: usize, rest: bool) -> Performed {
        // The first change set made the first people.
        let Some(at) = self
            .change_sets
            .len()
            .checked_sub(back + 1)
            .filter(|at| *at > 0)
        else {
            return Ok(Outcome::Skipped);
        };
        let scope = if rest {
            UndoScope::Rest
        } else {
            UndoScope::Everything
        };
        let later = self.change_sets[at + 1..].iter().flatten();
        let newer = later.filter_map(ChangeLine::subject).collect();
        let undoing = undo(&self.things, &self.change_sets[at], &newer);
        let conflicts = undoing.conflicts as u64;
        let service = self.service();
        let happened = service.undo(&self.actor, at as u64 + 1, scope, None).await;
        match (undoing.ruled(rest), happened) {
            (Ok(_), Ok(undone)) if undone.skipped != conflicts => Err(format!(
                "{} lines were skipped instead of {conflicts}",
                undone.skipped
            )),
            (Ok(after), Ok(_)) => Ok(Outcome::Undone(after)),
            (Err(code), Err(error)) if error.code() == code => Ok(Outcome::Refused),
            (expected, happened) => Err(format!(
                "change set {}: {}",
                at + 1,
                told(expected, happened)
            )),
        }
    }

    /// Those who are mapped to a CRM user of an id, for messages.
    pub(super) fn mapped_to(&self, place: Place, user: &str) -> Vec<&Mapping> {
        let mappings = self.standing.mappings.iter();
        let on_it = mappings.filter(|mapping| {
            mapping.connection_id == self.places[place] && mapping.crm_user_id.0 == user
        });
        on_it.collect()
    }
}
