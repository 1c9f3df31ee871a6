//! Imports and exports, done on the books and by the service.

use counterpart_model::{ChangeSet, Code, PersonId, Timestamp};
use counterpart_service::mapping::{CrmUserKey, PairsInput, PersonKey};

use super::books::{NO_ACCOUNT, NOT_A_PERSON, NOT_THIS_PAIR, Ruling, SHARED_SEAT};
use super::files::{File, WantedTie, kind};
use super::game::{Game, Outcome, Performed};
use super::operation::{Number, Operation, Place, Row, Verdict};
use super::questions::user_id;

impl Game<'_> {
    pub(super) async fn import_pairs(
        &mut self,
        place: Place,
        pairs: &[(Number, Number)],
    ) -> Performed {
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

    pub(super) async fn import_file(&mut self, operation: &Operation) -> Performed {
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

    async fn import(&self, text: &str) -> counterpart_service::Result<ChangeSet> {
        let service = self.service();
        let plan = service.plan_mapping_file(&self.actor, text.as_bytes());
        service
            .apply_mapping_plan(&self.actor, plan.await?, None)
            .await
    }

    pub(super) async fn export(&mut self) -> Performed {
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

    pub(super) async fn import_export(&mut self, number: Number) -> Performed {
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
}
