//! Reading what stands now, as far as it matters to the undoing of a change set.

use std::collections::{BTreeSet, HashMap, HashSet};

use counterpart_model::{
    ChangeLine, OrganizationId, PageRequest, PersonId, Subject, Thing, Timestamp,
    paging::LARGEST_PAGE,
};

use super::plan::Facts;
use crate::{Result, Service};

impl Service {
    /// Every line of a change set, over all pages.
    pub(super) async fn all_lines(
        &self,
        organization: OrganizationId,
        number: u64,
    ) -> Result<Vec<ChangeLine>> {
        let mut all = Vec::new();
        let mut request = PageRequest::first(LARGEST_PAGE);
        loop {
            let page = self
                .store()
                .list_change_lines(organization, number, &request)
                .await?;
            all.extend(page.items);
            match page.next {
                Some(next) => request = PageRequest::new(Some(next), LARGEST_PAGE),
                None => return Ok(all),
            }
        }
    }

    /// What stands now that may matter to reversing `lines`, those of the change set `number` if
    /// they were applied once.
    pub(super) async fn facts(
        &self,
        organization: OrganizationId,
        number: Option<u64>,
        lines: &[ChangeLine],
    ) -> Result<Facts> {
        let (mut coming, mut going) = (Vec::new(), Vec::new());
        let mut subjects: BTreeSet<Subject> = BTreeSet::new();
        for line in lines {
            subjects.extend(line.subject());
            match line.clone().into_sides() {
                (Some(before), _) => {
                    subjects.extend(before.person_id().map(Subject::Person));
                    coming.push(before);
                }
                (None, Some(Thing::Person(person))) => going.push(person.id),
                // What the person may have been given in its place.
                (None, Some(mapping @ Thing::Mapping(_))) => coming.push(mapping),
                _ => {}
            }
        }
        let subjects: Vec<Subject> = subjects.into_iter().collect();
        let mut found = self.store().standing(organization, &subjects).await?;
        let mut newer = HashSet::new();
        if !coming.is_empty() {
            let rivals = self.store().rivals(organization, &coming).await?;
            let of: Vec<Subject> = rivals.iter().map(Thing::subject).collect();
            let changed = self.store().last_changed(organization, &of).await?;
            let is_later = |last: u64| number.is_some_and(|number| last > number);
            let later = changed.into_iter().filter(|(_, last)| is_later(*last));
            newer.extend(later.map(|(subject, _)| subject));
            found.extend(rivals);
        }
        let mut members = Vec::new();
        if !going.is_empty() {
            found.extend(self.store().about_people(organization, &going).await?);
            members = self.store().list_members(organization).await?;
        }
        Ok(Facts {
            newer,
            standing: found
                .into_iter()
                .map(|thing| (thing.subject(), thing))
                .collect(),
            members: members
                .into_iter()
                .filter_map(|(_, membership)| membership.person_id)
                .collect(),
            since: None,
        })
    }

    /// Adds the decisions about people who would be mapped by reversing `lines`, and that those
    /// made after `since` count.
    pub(super) async fn add_decided_since(
        &self,
        organization: OrganizationId,
        lines: &[ChangeLine],
        since: Timestamp,
        facts: &mut Facts,
    ) -> Result<()> {
        let mapped: BTreeSet<PersonId> = lines
            .iter()
            .filter_map(|line| match line {
                ChangeLine::Mapping { before, .. } => before.as_ref().map(|it| it.person_id),
                _ => None,
            })
            .collect();
        facts.since = Some(since);
        if mapped.is_empty() {
            return Ok(());
        }
        let mapped: Vec<PersonId> = mapped.into_iter().collect();
        let about = self.store().about_people(organization, &mapped).await?;
        let decisions = about
            .into_iter()
            .filter(|thing| matches!(thing, Thing::Decision(_)));
        let known = decisions.map(|decision| (decision.subject(), decision));
        facts.standing.extend(known);
        Ok(())
    }

    /// The addresses of the members who are tied to a person.
    pub(super) async fn members_by_person(
        &self,
        organization: OrganizationId,
    ) -> Result<HashMap<PersonId, String>> {
        let members = self.store().list_members(organization).await?;
        Ok(members
            .into_iter()
            .filter_map(|(account, membership)| Some((membership.person_id?, account.email)))
            .collect())
    }
}
