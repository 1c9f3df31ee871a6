//! What happens inside CRMs, and pulls: done on the books and by the service.

use counterpart_model::{CrmUserState, RunState};
use counterpart_service::sync::SyncMode;

use super::crm::{Account, Weather};
use super::game::{Game, Outcome, Performed, profile_like, told};
use super::operation::{Edit, Number, Place};
use super::questions::user_id;

impl Game<'_> {
    pub(super) async fn sync(&mut self, place: Place, quick: bool, weather: Weather) -> Performed {
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

    pub(super) async fn decide_run(&mut self, place: Place, allow: bool) -> Performed {
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
    pub(super) fn in_crm(&mut self, place: Place, user: Number, edit: Edit) -> Outcome {
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

    /// Many users of a CRM can no longer be worked with.
    pub(super) fn exodus(&mut self, place: Place, many: usize) -> Outcome {
        let now = self.now();
        let users = self.pulls[place].truth.users.values_mut();
        for account in users.take(many) {
            account.profile.state = CrmUserState::Inactive;
            account.changed_at = now;
        }
        Outcome::Nothing
    }
}
