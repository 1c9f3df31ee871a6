//! The conformance kit: what every connector must do, tried against an emulator of its provider.
//!
//! A [`Stand`] makes benches; a [`Bench`] is a connector with a connection to an emulator that
//! can be put into [`Trouble`]. Each check begins with a bench of its own and says in one
//! sentence what it found. [`CHECKS`] lists them all; [`run`] tries one.
//!
//! What is *not* here: anything of a provider. What its emulator cannot do is skipped, by the
//! emulator's own word.

mod actions;
mod activities;
mod bench;
mod connection;
mod contacts;
mod failures;
mod lists;
mod memory;
mod users;

pub use bench::{
    Bench, BenchError, Happened, KnownContact, KnownRecord, NewUser, Seen, SentWebhook, Stand,
    Trouble, TroubleAt,
};
pub use memory::{MemorySessions, RecordedPause, SetClock};

use std::pin::Pin;

/// What a check found wrong, in a sentence.
pub type Finding = String;

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Good,
    /// The emulator or the provider has no such thing.
    Skipped(String),
    /// Something is wrong.
    Bad(Finding),
}

/// The future of a check.
type Trial<'a> = Pin<Box<dyn Future<Output = Result<(), Stop>> + Send + 'a>>;

/// Why a check ended early.
#[derive(Debug)]
enum Stop {
    Skipped(String),
    Bad(Finding),
}

impl From<BenchError> for Stop {
    fn from(error: BenchError) -> Self {
        match error {
            BenchError::NotHere(what) => Self::Skipped(what),
            BenchError::Failed(what) => Self::Bad(what),
        }
    }
}

/// One check.
#[derive(Clone, Copy)]
pub struct Check {
    /// What it shows, as a sentence.
    pub name: &'static str,
    trial: for<'a> fn(&'a dyn Stand) -> Trial<'a>,
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

macro_rules! checks {
    ($($module:ident :: $name:ident,)*) => {
        /// Every check of the kit.
        pub const CHECKS: &[Check] = &[
            $(Check {
                name: stringify!($name),
                trial: |stand| Box::pin($module::$name(stand)),
            },)*
        ];
    };
}

checks! {
    lists::three_pages_bring_everybody_once,
    lists::an_empty_list_ends,
    lists::a_list_of_short_pages_is_complete,
    lists::a_repeated_cursor_ends_the_list,
    lists::a_pull_goes_on_where_it_stopped,
    lists::a_list_that_was_cut_short_does_not_pass_for_whole,
    lists::an_expired_cursor_asks_for_a_new_pull,
    lists::changes_since_an_instant_hold_what_changed,
    users::a_deactivated_user_is_listed_as_inactive,
    users::two_users_may_have_one_address,
    users::a_user_without_optional_fields_is_listed,
    users::names_come_as_they_are_written,
    users::the_connecting_user_is_no_person,
    users::a_users_id_is_recognised_when_typed,
    actions::a_user_is_read_by_its_id,
    contacts::a_contact_is_found_by_phone_in_three_spellings,
    contacts::a_number_of_nobody_finds_nobody,
    contacts::a_contact_is_found_by_e_mail,
    contacts::every_contact_is_listed_once,
    contacts::changed_contacts_hold_what_changed,
    activities::a_record_is_written_under_its_owner,
    activities::a_bad_owner_is_noticed,
    activities::what_was_written_is_found_by_our_key,
    activities::a_lost_answer_leads_to_no_second_record,
    activities::a_refused_write_is_no_unknown_outcome,
    activities::what_was_written_can_be_changed_and_taken_away,
    actions::a_record_is_shown_on_a_screen,
    actions::a_call_is_placed_from_a_users_phone,
    actions::the_allowance_that_is_left_is_known,
    actions::a_webhook_is_believed_when_it_is_real,
    actions::every_way_of_signing_in_works,
    failures::too_many_requests_are_waited_for,
    failures::too_many_requests_for_good_are_reported,
    failures::a_server_error_passes,
    failures::a_lasting_server_error_is_reported,
    failures::an_ended_session_is_renewed,
    failures::a_web_page_is_no_answer,
    failures::a_redirect_is_not_followed,
    failures::a_broken_answer_is_asked_for_again,
    failures::an_answer_that_always_breaks_is_reported,
    failures::damaged_text_is_reported,
    failures::ids_of_another_type_are_refused,
    failures::wrong_credentials_are_reported,
    failures::a_missing_permission_is_reported,
    failures::a_spent_quota_is_reported,
    connection::a_connection_passes_its_test,
    connection::a_wrong_clock_is_noticed,
    connection::settings_that_were_put_right_stay_as_they_are,
    connection::a_missing_setting_is_named,
    connection::no_credential_shows_in_cursors_or_settings,
}

/// Tries one check on a fresh bench.
pub async fn run(check: Check, stand: &dyn Stand) -> Verdict {
    match (check.trial)(stand).await {
        Ok(()) => Verdict::Good,
        Err(Stop::Skipped(what)) => Verdict::Skipped(what),
        Err(Stop::Bad(finding)) => Verdict::Bad(finding),
    }
}

/// Ends a check unless something holds.
fn expect(holds: bool, otherwise: impl FnOnce() -> Finding) -> Result<(), Stop> {
    if holds {
        Ok(())
    } else {
        Err(Stop::Bad(otherwise()))
    }
}
