//! What must be true after every step.

use std::collections::{BTreeMap, BTreeSet};

use counterpart_model::{
    CrmUserId, PageRequest, PersonId, Proposal, Situation, paging::LARGEST_PAGE,
};
use counterpart_store::crm_users::CrmUserQuery;
use counterpart_store::grid::GridQuery;
use counterpart_store::mappings::ProposalQuery;

use super::books::{Books, NO_ACCOUNT, NOT_A_PERSON, NOT_THIS_PAIR, SHARED_SEAT};
use super::game::{Check, Game, Outcome};
use super::operation::Place;
use super::pulls::KnownUser;
use super::questions::Asked;
use super::rules::{Cell, Want};
use super::undoing::{Things, without_version};

impl Game<'_> {
    pub(super) async fn check(&mut self, outcome: Outcome) -> Check {
        let applied = self.change_sets.len();
        let before = self.books.clone();
        let seen = self.see().await?;
        let was_changed = self.change_sets.len() > applied;
        let must_change = matches!(outcome, Outcome::Changed | Outcome::Undone(_));
        if was_changed != must_change {
            return Err(format!("a change set was applied: {was_changed}"));
        }
        if let Outcome::Undone(expected) = &outcome {
            self.stands(expected)?;
            self.books = seen;
        } else if seen != before {
            return Err(differences(&before, &seen));
        }
        self.check_one_to_one()?;
        self.check_crm_users().await?;
        self.check_draft().await?;
        let proposals = self.proposals().await;
        self.check_answers(&proposals).await?;
        let looked_at = self.looked_at(&outcome);
        self.check_proposals(&proposals, looked_at)?;
        self.check_situations(&proposals, looked_at).await
    }

    /// Which connections were looked at anew.
    fn looked_at(&self, outcome: &Outcome) -> [bool; 2] {
        match outcome {
            Outcome::Changed | Outcome::Undone(_) => {
                let lines = self.change_sets.last().into_iter().flatten();
                let mut places = [false; 2];
                for line in lines {
                    let sides = line.clone().into_sides();
                    for thing in [sides.0, sides.1].into_iter().flatten() {
                        let connection = match &thing {
                            counterpart_model::Thing::Mapping(it) => Some(it.connection_id),
                            counterpart_model::Thing::Decision(it) => Some(it.connection_id),
                            _ => None,
                        };
                        for (place, looked_at) in places.iter_mut().enumerate() {
                            *looked_at |= connection.is_none_or(|it| it == self.places[place]);
                        }
                    }
                }
                places
            }
            Outcome::Pulled(place) => [*place == 0, *place == 1],
            Outcome::Skipped | Outcome::Nothing | Outcome::Refused => [false; 2],
        }
    }

    fn stands(&self, expected: &Things) -> Check {
        let plain = |things: &Things| -> Things {
            let things = things.clone().into_iter();
            things.map(|(id, it)| (id, without_version(it))).collect()
        };
        let (seen, expected) = (plain(&self.things), plain(expected));
        let differing = |(id, thing): (&_, &_)| {
            (seen.get(id) != Some(thing)).then(|| format!("missing: {thing:?}"))
        };
        if let Some(missing) = expected.iter().find_map(differing) {
            return Err(missing);
        }
        match seen.keys().find(|id| !expected.contains_key(id)) {
            Some(id) => Err(format!("too much: {:?}", seen[id])),
            None => Ok(()),
        }
    }

    /// Nobody is two users of a connection at a time, and no user two people, unless it is shared.
    fn check_one_to_one(&self) -> Check {
        match self.books.contradiction() {
            Some((one, other)) => Err(format!("both cannot be: {one:?} and {other:?}")),
            None => Ok(()),
        }
    }

    async fn users(&self, place: Place) -> BTreeMap<String, KnownUser> {
        let all = PageRequest::first(LARGEST_PAGE);
        let store = self.table.world.store.as_ref();
        let query = CrmUserQuery::default();
        let organization = self.actor.organization();
        let found = store.list_crm_users(organization, self.places[place], &query, &all);
        let users = found.await.expect("users").items.into_iter();
        users
            .map(|user| {
                let known = KnownUser {
                    profile: user.profile,
                    missing_since: user.missing_since,
                    gone_since: user.gone_since,
                };
                (user.id.0, known)
            })
            .collect()
    }

    async fn check_crm_users(&self) -> Check {
        for place in 0..2 {
            let seen = self.users(place).await;
            let expected = &self.pulls[place].known;
            if seen != *expected {
                let ids: BTreeSet<&String> = seen.keys().chain(expected.keys()).collect();
                let mut ids = ids.into_iter();
                let id = ids.find(|id| seen.get(*id) != expected.get(*id));
                let id = id.expect("they differ");
                return Err(format!(
                    "{id} in place {place} is known as {:?} instead of {:?}; mapped: {:?}",
                    seen.get(id),
                    expected.get(id),
                    self.mapped_to(place, id)
                ));
            }
        }
        Ok(())
    }

    /// Whoever a pull misses is not there, unless the list lied.
    pub(super) async fn check_nobody_was_lost(
        &self,
        place: Place,
        before: &BTreeMap<String, KnownUser>,
    ) -> Check {
        let truth = &self.pulls[place].truth.users;
        let seen = self.users(place).await;
        let lost = |(id, user): &(&String, &KnownUser)| {
            let was_missing = before.get(*id).is_some_and(|it| it.missing_since.is_some());
            user.missing_since.is_some() && !was_missing && truth.contains_key(*id)
        };
        match seen.iter().find(lost) {
            Some((id, _)) => Err(format!("{id} in place {place} is there, and was missed")),
            None => Ok(()),
        }
    }

    async fn check_draft(&mut self) -> Check {
        let people = &self.standing.people;
        self.draft
            .retain(|(_, person), _| people.iter().any(|it| it.id == *person));
        let count = self.service().count_drafts(&self.actor).await;
        let count = count.map_err(|error| error.to_string())?;
        if count == self.draft.len() as u64 {
            return Ok(());
        }
        Err(format!("{count} drafts instead of {:?}", self.draft))
    }

    async fn proposals(&self) -> Vec<(Place, Proposal)> {
        let all = PageRequest::first(LARGEST_PAGE);
        let store = self.table.world.store.as_ref();
        let query = ProposalQuery::default();
        let found = store.list_proposals(self.actor.organization(), &query, &all);
        let found = found.await.expect("proposals").items.into_iter();
        let place = |proposal: &Proposal| {
            let mut places = self.places.iter();
            let place = places.position(|place| *place == proposal.connection_id);
            place.expect("one of the two")
        };
        found.map(|proposal| (place(&proposal), proposal)).collect()
    }

    /// Nothing is proposed that was decided, and nobody who is mapped.
    fn check_proposals(&self, proposals: &[(Place, Proposal)], looked_at: [bool; 2]) -> Check {
        let now = self.now();
        for (place, proposal) in proposals.iter().filter(|(place, _)| looked_at[*place]) {
            let (person, user) = (proposal.person_id, proposal.crm_user_id.0.as_str());
            let who = Some(person);
            let decided = [
                (NO_ACCOUNT, (who, None)),
                (NOT_THIS_PAIR, (who, Some(user))),
                (NOT_A_PERSON, (None, Some(user))),
                (SHARED_SEAT, (None, Some(user))),
            ];
            let mut decided = decided.iter();
            let is_wrong = decided
                .any(|(kind, who)| self.books.is_ignored(*place, kind, *who, now))
                || !self.books.users_of(*place, person, now).is_empty()
                || !self.books.people_of(*place, user, now).is_empty()
                || (proposal.certain && proposal.ambiguous);
            if is_wrong {
                return Err(format!("{proposal:?} must not be proposed"));
            }
        }
        Ok(())
    }

    pub(super) async fn check_none_ambiguous(&self, accepted: &[(Cell, Want)]) -> Check {
        let proposals = self.proposals().await;
        for ((place, person), want) in accepted {
            let is_certain = proposals.iter().any(|(at, proposal)| {
                at == place
                    && proposal.person_id == *person
                    && want.user() == Some(&proposal.crm_user_id.0)
                    && proposal.certain
                    && !proposal.ambiguous
            });
            if !is_certain {
                return Err(format!("{want:?} is accepted without being certain"));
            }
        }
        Ok(())
    }

    async fn check_answers(&self, proposals: &[(Place, Proposal)]) -> Check {
        let ambiguous: BTreeSet<(Place, PersonId)> = proposals
            .iter()
            .filter(|(_, proposal)| proposal.ambiguous)
            .map(|(place, proposal)| (*place, proposal.person_id))
            .collect();
        let asked = Asked {
            now: self.now(),
            places: &self.places,
            books: &self.books,
            pulls: &self.pulls,
            people: &self.standing.people,
            ambiguous: &ambiguous,
        };
        let questions = asked.questions(self.step);
        let answers = self.service().resolve(&self.actor, &questions).await;
        let answers = answers.map_err(|error| error.to_string())?;
        asked.wrong(&questions, &answers)
    }

    /// Everybody who works here, or is mapped all the same, is in one situation.
    async fn check_situations(
        &self,
        proposals: &[(Place, Proposal)],
        looked_at: [bool; 2],
    ) -> Check {
        if looked_at == [false; 2] {
            return Ok(());
        }
        let all = PageRequest::first(LARGEST_PAGE);
        let store = self.table.world.store.as_ref();
        let query = GridQuery::default();
        let rows = store.list_grid(self.actor.organization(), &query, &all);
        let rows = rows.await.expect("rows").items;
        let now = self.now();
        for person in &self.standing.people {
            let row = rows.iter().find(|row| row.person.id == person.id);
            for place in (0..2).filter(|place| looked_at[*place]) {
                let users = self.books.users_of(place, person.id, now);
                if !person.active && users.is_empty() {
                    continue;
                }
                let cell = row.and_then(|row| {
                    let mut cells = row.cells.iter();
                    cells.find(|cell| cell.connection_id == self.places[place])
                });
                let Some(cell) = cell else {
                    return Err(format!("{} has no cell", person.profile.display_name));
                };
                let proposal = proposals
                    .iter()
                    .find(|(at, proposal)| *at == place && proposal.person_id == person.id);
                let expected = self.situation(place, person.id, proposal.map(|it| &it.1));
                let shown = match cell.situation {
                    // Whether a mapping drifts has a test of its own.
                    Situation::Drifted => Situation::Mapped,
                    situation => situation,
                };
                let user = cell.crm_user.as_ref().map(|user| &user.id);
                let is_right = expected != Situation::Mapped
                    || user.is_some_and(|CrmUserId(id)| users.contains(&id.as_str()));
                if shown != expected || !is_right {
                    return Err(format!(
                        "{} in place {place} is shown as {shown} ({user:?}) instead of \
                         {expected} ({users:?})",
                        person.profile.display_name
                    ));
                }
            }
        }
        Ok(())
    }

    fn situation(&self, place: Place, person: PersonId, proposal: Option<&Proposal>) -> Situation {
        let now = self.now();
        if !self.books.users_of(place, person, now).is_empty() {
            Situation::Mapped
        } else if self
            .books
            .is_ignored(place, NO_ACCOUNT, (Some(person), None), now)
        {
            Situation::Ignored
        } else {
            match proposal {
                Some(proposal) if proposal.ambiguous => Situation::Ambiguous,
                Some(_) => Situation::Proposed,
                None => Situation::Unmapped,
            }
        }
    }
}

fn differences(expected: &Books, seen: &Books) -> String {
    fn one<T: PartialEq + std::fmt::Debug>(expected: &[T], seen: &[T]) -> String {
        let missing: Vec<&T> = expected.iter().filter(|it| !seen.contains(it)).collect();
        let too_much: Vec<&T> = seen.iter().filter(|it| !expected.contains(it)).collect();
        format!("missing {missing:#?}, too much {too_much:#?}")
    }
    if expected.ties != seen.ties {
        return format!("mappings: {}", one(&expected.ties, &seen.ties));
    }
    if expected.rulings != seen.rulings {
        return format!("decisions: {}", one(&expected.rulings, &seen.rulings));
    }
    format!("people: {}", one(&expected.workers, &seen.workers))
}
