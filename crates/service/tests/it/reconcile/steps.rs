//! Random steps, and what holds after each of them.

use std::collections::{HashMap, HashSet};

use counterpart_model::{
    CrmUserId, DecisionKind, DraftEdit, PageRequest, PersonId, Situation, Timestamp,
};
use counterpart_service::mapping::{CellEdit, UndoScope};
use counterpart_service::people::EndMappings;
use proptest::prelude::*;

use super::{Office, Picture, everybody, named};

/// Something that somebody does to a person and a user.
#[derive(Debug, Clone, Copy)]
enum Step {
    Map,
    Accept,
    Unmap,
    NoAccount,
    Reject,
    NotAPerson,
    Share,
    Withdraw,
    Rename,
    Leave,
    Return,
    Add,
    Undo,
    Tomorrow,
}

const STEPS: [Step; 14] = [
    Step::Map,
    Step::Accept,
    Step::Unmap,
    Step::NoAccount,
    Step::Reject,
    Step::NotAPerson,
    Step::Share,
    Step::Withdraw,
    Step::Rename,
    Step::Leave,
    Step::Return,
    Step::Add,
    Step::Undo,
    Step::Tomorrow,
];

impl Office {
    /// Does it, if it can be done: what is refused changes nothing.
    async fn step(&self, step: Step, one: usize, other: usize) {
        let (service, owner) = (&self.world.service, &self.world.owner);
        let people = everybody(&self.world).await;
        let person = &people[one % people.len()];
        let user = self.users[other % self.users.len()].clone();
        let connection = self.connection.id;
        let edit = match step {
            Step::Map => DraftEdit::Map {
                crm_user_id: user.clone(),
                accepted: false,
            },
            Step::Accept | Step::Reject => {
                let found = self.world.store.find_proposal(
                    self.world.organization.id,
                    connection,
                    person.id,
                );
                let Some(proposal) = found.await.expect("asked") else {
                    return;
                };
                let crm_user_id = proposal.crm_user_id;
                if matches!(step, Step::Accept) {
                    DraftEdit::Map {
                        crm_user_id,
                        accepted: true,
                    }
                } else {
                    DraftEdit::Reject { crm_user_id }
                }
            }
            Step::NoAccount => DraftEdit::NoAccount {
                reason: None,
                expires_at: Timestamp::FOREVER,
            },
            _ => DraftEdit::Unmap,
        };
        let done = match step {
            Step::NotAPerson => {
                let decided = service.decide_not_a_person(owner, connection, &user, None);
                decided.await.err()
            }
            Step::Share => {
                let decided = service.decide_shared_seat(owner, connection, &user, None);
                decided.await.err()
            }
            Step::Withdraw => {
                let first = PageRequest::first(1_000);
                let all = service.list_decisions(owner, None, &first).await;
                let all = all.expect("decisions").items;
                let Some(decision) = all.get(other % all.len().max(1)) else {
                    return;
                };
                service.withdraw_decision(owner, decision.id).await.err()
            }
            Step::Rename => {
                let name = &people[other % people.len()].profile.display_name;
                let input = named(name);
                let edited = service.edit_person(owner, person.id, person.version, &input);
                edited.await.err()
            }
            Step::Leave => {
                let left = service.deactivate_person(owner, person.id, &EndMappings::Now);
                left.await.err()
            }
            Step::Return => service.reactivate_person(owner, person.id).await.err(),
            Step::Add => {
                let name = &person.profile.display_name;
                service.add_person(owner, &named(name)).await.err()
            }
            Step::Undo => match service.newest_to_undo(owner).await {
                Ok(set) if set.number > 4 => {
                    let undone = service.undo(owner, set.number, UndoScope::Everything, None);
                    undone.await.err()
                }
                _ => None,
            },
            _ => {
                let edit = CellEdit::new(connection, person.id, edit);
                service.apply_edits(owner, &[edit], None).await.err()
            }
        };
        if let Some(refused) = done {
            assert_ne!(
                refused.kind(),
                counterpart_service::Kind::Internal,
                "{step:?}: {refused}"
            );
        }
    }

    /// What holds whenever somebody looks.
    async fn is_sound(&self) -> Picture {
        let picture = self.picture().await;
        assert_eq!(
            self.evaluation().await.open_changes,
            0,
            "nothing is left open"
        );
        let mapped: HashSet<PersonId> = picture.mappings.iter().map(|it| it.person_id).collect();
        let taken: HashMap<&CrmUserId, PersonId> = picture
            .mappings
            .iter()
            .map(|it| (&it.crm_user_id, it.person_id))
            .collect();
        let first = PageRequest::first(1_000);
        let service = &self.world.service;
        let decisions = service.list_decisions(&self.world.owner, Some(self.connection.id), &first);
        let decisions = decisions.await.expect("decisions").items;
        let mut proposed = HashSet::new();
        for proposal in picture.proposals.values() {
            let (person, user) = (proposal.person_id, &proposal.crm_user_id);
            assert!(!mapped.contains(&person), "{person} is mapped and proposed");
            assert_eq!(taken.get(user), None, "{user:?} is taken and proposed");
            let against = decisions.iter().any(|decision| match &decision.kind {
                DecisionKind::NoAccount { person_id } => *person_id == person,
                DecisionKind::NotThisPair {
                    person_id,
                    crm_user_id,
                } => *person_id == person && crm_user_id == user,
                DecisionKind::NotAPerson { crm_user_id }
                | DecisionKind::SharedSeat { crm_user_id } => crm_user_id == user,
            });
            assert!(!against, "{proposal:?} was decided against");
            let (situation, certain) = picture.situations[&person];
            assert_eq!(
                certain,
                proposal.certain && situation == Situation::Proposed
            );
            if !proposal.ambiguous {
                assert!(proposed.insert(user), "{user:?} is proposed twice");
            }
        }
        picture
    }

    async fn live_through(&self, steps: &[(usize, usize, usize)]) {
        for (step, one, other) in steps {
            let step = STEPS[step % STEPS.len()];
            if !matches!(step, Step::Tomorrow) {
                self.step(step, *one, *other).await;
                self.is_sound().await;
                continue;
            }
            let some = self.is_sound().await;
            let whole = self.tomorrow(&self.world.service).await;
            for (person, (situation, certain)) in &some.situations {
                let (then, _) = whole.situations[person];
                let settled = |it: Situation| {
                    matches!(
                        it,
                        Situation::Mapped | Situation::Drifted | Situation::Ignored
                    )
                };
                assert_eq!(settled(*situation), settled(then), "{person}");
                if *certain {
                    assert_ne!(then, Situation::Ambiguous, "{person} was certain");
                }
            }
        }
        let last = self.tomorrow(&self.world.service).await;
        let fresh = self.world.another_process();
        assert_eq!(self.tomorrow(&fresh).await, last, "the same from scratch");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_nobody_is_shown_what_cannot_be_or_sure_what_is_not(
        steps in proptest::collection::vec((0..STEPS.len(), 0..1_000_usize, 0..1_000_usize), 4..24)
    ) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let office = Office::new(24).await;
            office.live_through(&steps).await;
        });
    }
}
