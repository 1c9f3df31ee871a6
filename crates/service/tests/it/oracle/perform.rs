//! Each operation, done twice: on the books and by the service.

use counterpart_model::{
    Code, CrmUserId, CrmUserState, Decision, DraftEdit, DriftCause, Mapping, PersonId, RunState,
    Timestamp,
};
use counterpart_service::mapping::{
    CellEdit, CrmUserKey, EditScope, HandOver, PairsInput, PersonKey, UndoScope,
};
use counterpart_service::people::{EndMappings, PersonInput};
use counterpart_service::sync::SyncMode;

use super::books::{Books, NO_ACCOUNT, NOT_A_PERSON, NOT_THIS_PAIR, Ruling, SHARED_SEAT, Worker};
use super::crm::{Account, Weather};
use super::drafts::Drafted;
use super::files::{File, WantedTie, kind};
use super::game::{Game, Outcome, draft_edit, new_person, profile_like, told};
use super::operation::{Edit, Leaving, Number, Operation, Place, Row, Verdict};
use super::questions::user_id;
use super::rules::{Cell, Want};
use super::undoing::undo;

type Performed = Result<Outcome, String>;

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
            Operation::Exodus(place, many) => {
                let now = self.now();
                let users = self.pulls[*place].truth.users.values_mut();
                for account in users.take(*many) {
                    account.profile.state = CrmUserState::Inactive;
                    account.changed_at = now;
                }
                Ok(Outcome::Nothing)
            }
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

    async fn import_pairs(&mut self, place: Place, pairs: &[(Number, Number)]) -> Performed {
        let pairs: Vec<(PersonId, String)> = pairs
            .iter()
            .map(|(person, user)| (self.person_id(*person), user_id(*user)))
            .collect();
        let rows = pairs
            .iter()
            .map(|(person, user)| format!("{person},{user}\n"));
        let file = format!("agent,seller\n{}", rows.collect::<String>());
        let input = PairsInput {
            bytes: file.as_bytes(),
            connection: self.places[place],
            person_column: Some("agent".to_owned()),
            person_key: Some(PersonKey::Id),
            crm_user_column: Some("seller".to_owned()),
            crm_user_key: Some(CrmUserKey::Id),
            skip_unknown: false,
        };
        let service = self.service();
        let happened = match service.plan_pairs(&self.actor, &input).await {
            Ok(plan) => service.apply_pairs(&self.actor, plan, None).await,
            Err(error) => Err(error),
        };
        let expected = if pairs.iter().all(|(_, user)| self.is_listed(place, user)) {
            self.books.as_pairs_say(self.now(), place, &pairs)
        } else {
            Err(Code::FileInvalid)
        };
        self.ruled(expected, happened)
    }

    /// Whether a CRM user is not gone, or somebody spoke of it.
    fn is_listed(&self, place: Place, user: &str) -> bool {
        let known = self.pulls[place].known.get(user);
        let is_there = known.is_some_and(|known| known.gone_since.is_none());
        let rulings = self.books.rulings.iter();
        let mut rulings = rulings.filter(|it| it.place == place);
        is_there
            || self.books.ties.iter().any(|tie| tie.is_on(place, user))
            || rulings.any(|it| it.user.as_deref() == Some(user))
    }

    async fn import_file(&mut self, operation: &Operation) -> Performed {
        let Operation::ImportFile {
            place,
            partial,
            rows,
            verdicts,
        } = operation
        else {
            return Ok(Outcome::Skipped);
        };
        let tie = |row: &Row| {
            let (from, to) = self.period(row.period);
            WantedTie {
                person: self.person_id(row.person),
                user: user_id(row.user),
                from,
                to,
            }
        };
        let rulings = verdicts.as_ref().map(|verdicts| {
            let rulings = verdicts.iter();
            rulings
                .map(|it| self.ruling(*place, *partial, it))
                .collect()
        });
        let file = File {
            place: *place,
            partial: *partial,
            ties: rows.iter().map(tie).collect(),
            rulings,
        };
        let users = file.ties.iter().map(|tie| &tie.user);
        let decided = file.rulings.iter().flatten();
        let mut users = users.chain(decided.filter_map(|it| it.user.as_ref()));
        let expected = if users.all(|user| self.is_known(*place, user)) {
            self.books.as_file_says(&file)
        } else {
            Err(Code::FileInvalid)
        };
        let happened = self.import(&file.text(&self.names[*place])).await;
        self.ruled(expected, happened)
    }

    fn ruling(&self, place: Place, partial: bool, verdict: &Verdict) -> Ruling {
        let kind = kind(verdict.kind, partial);
        let person = [NOT_THIS_PAIR, NO_ACCOUNT].contains(&kind);
        let user = [NOT_THIS_PAIR, NOT_A_PERSON, SHARED_SEAT].contains(&kind);
        Ruling {
            place,
            kind,
            person: person.then(|| self.person_id(verdict.person)),
            user: user.then(|| user_id(verdict.user)),
            reason: None,
            since: self.now(),
            until: match kind {
                SHARED_SEAT => Timestamp::FOREVER,
                _ => self.until(verdict.days),
            },
        }
    }

    async fn import(
        &self,
        text: &str,
    ) -> counterpart_service::Result<counterpart_model::ChangeSet> {
        let service = self.service();
        let plan = service.plan_mapping_file(&self.actor, text.as_bytes());
        service
            .apply_mapping_plan(&self.actor, plan.await?, None)
            .await
    }

    async fn export(&mut self) -> Performed {
        let exported = self.service().export_mappings(&self.actor).await;
        let exported = exported.map_err(|error| error.to_string())?;
        let plan = self
            .service()
            .plan_mapping_file(&self.actor, exported.as_bytes());
        let plan = plan.await.map_err(|error| error.to_string())?;
        if !plan.is_empty() {
            return Err(format!("an export would change something: {plan:?}"));
        }
        self.exports.push((exported, self.books.clone()));
        Ok(Outcome::Nothing)
    }

    async fn import_export(&mut self, number: Number) -> Performed {
        let Some((text, then)) = self.exports.get(number % self.exports.len().max(1)) else {
            return Ok(Outcome::Skipped);
        };
        let rulings = then.rulings.iter().filter_map(|ruling| ruling.person);
        let mut people = then.ties.iter().map(|tie| tie.person).chain(rulings);
        let is_there = |id: PersonId| self.standing.people.iter().any(|it| it.id == id);
        let expected = if people.all(is_there) {
            self.books.as_exported(then, self.now())
        } else {
            Err(Code::FileInvalid)
        };
        let happened = self.import(text).await;
        self.ruled(expected, happened)
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
        let undoing = undo(&self.things, &self.change_sets[at]);
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

    async fn sync(&mut self, place: Place, quick: bool, weather: Weather) -> Performed {
        self.pulls[place].truth.weather = weather;
        self.table.crms[place].set(self.pulls[place].truth.clone());
        let before = self.pulls[place].known.clone();
        let began_anew = !self.pulls[place].is_left_behind();
        let now = self.now();
        let expected = self.pulls[place].pull(now, quick);
        let mode = if quick {
            SyncMode::Quick
        } else {
            SyncMode::Full
        };
        let service = self.service();
        let happened = service.sync(&self.actor, self.places[place], mode).await;
        if let Ok(run) = &happened {
            self.last_run[place] = Some(run.id);
        }
        match (expected, happened) {
            (Ok(state), Ok(run)) if state == run.state => {
                if state != RunState::Complete {
                    return Ok(Outcome::Refused);
                }
                let lies = matches!(weather, Weather::Nobody | Weather::Half);
                if began_anew && !lies {
                    self.check_nobody_was_lost(place, &before).await?;
                }
                Ok(Outcome::Pulled(place))
            }
            (Err(code), Err(error)) if error.code() == code => Ok(Outcome::Refused),
            (expected, happened) => Err(format!(
                "expected {expected:?}, and it was {:?}",
                happened.map(|run| run.state).map_err(|error| error.code())
            )),
        }
    }

    async fn decide_run(&mut self, place: Place, allow: bool) -> Performed {
        let Some(run) = self.last_run[place] else {
            return Ok(Outcome::Skipped);
        };
        let now = self.now();
        let service = self.service();
        let (expected, happened) = if allow {
            let expected = self.pulls[place].allow(now);
            (expected, service.allow_run(&self.actor, run).await)
        } else {
            let expected = self.pulls[place].reject();
            (expected, service.reject_run(&self.actor, run).await)
        };
        match (expected, happened) {
            (Ok(RunState::Complete), Ok(run)) if run.state == RunState::Complete => {
                Ok(Outcome::Pulled(place))
            }
            (Ok(state), Ok(run)) if run.state == state => Ok(Outcome::Nothing),
            (Err(code), Err(error)) if error.code() == code => Ok(Outcome::Refused),
            (expected, happened) => Err(told(expected, happened)),
        }
    }

    /// Somebody changes something inside a CRM.
    fn in_crm(&mut self, place: Place, user: Number, edit: Edit) -> Outcome {
        let now = self.now();
        let id = user_id(user);
        let users = &mut self.pulls[place].truth.users;
        if let Edit::Recruit(person) = edit {
            let profile = profile_like(person);
            users.entry(id).or_insert(Account {
                profile,
                changed_at: now,
            });
            return Outcome::Nothing;
        }
        if matches!(edit, Edit::Delete) {
            users.remove(&id);
            return Outcome::Nothing;
        }
        let other = match edit {
            Edit::SwapEmails(other) => user_id(other),
            _ => id.clone(),
        };
        let emails = users.get(&id).map(|account| account.profile.emails.clone());
        let (Some(emails), Some(taken)) = (emails, users.get_mut(&other)) else {
            return Outcome::Skipped;
        };
        let others = std::mem::replace(&mut taken.profile.emails, emails);
        taken.changed_at = now;
        if let Some(account) = users.get_mut(&id) {
            account.profile.emails = others;
            account.changed_at = now;
            edit.make(&mut account.profile);
        }
        Outcome::Nothing
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
