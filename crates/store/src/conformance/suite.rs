//! The list of all tests, in one place.

/// Wires a `#[tokio::test]` to every function of [`crate::conformance`]. `$open` is the path,
/// from the crate's root, of an `async fn(Duration) -> impl Fixture`; the duration is how long
/// a unit of work may stay open.
#[macro_export]
macro_rules! conformance_suite {
    ($open:path) => {
        $crate::conformance_suite! { @wire $open, $crate::unit_of_work::DEADLINE;
            absences:
                the_missing_are_gone_after_a_while
                the_missing_come_back
                a_list_that_leaves_somebody_out_is_not_believed
                who_is_absent_is_listed
                the_missing_are_listed_and_counted;
            accounts:
                an_address_belongs_to_one_account
                a_new_password_ends_all_sessions
                sessions_end
                a_membership_changes_role
                a_member_may_be_a_person
                a_revoked_token_opens_nothing
                failed_sign_ins_are_counted
                a_set_up_link_replaces_the_earlier_one
                what_has_ended_is_forgotten;
            audit:
                the_chain_holds
                a_dropped_unit_leaves_no_entry;
            change_sets:
                a_change_set_is_kept_as_it_was_applied
                numbers_have_no_gaps
                versions_grow_by_one
                a_stale_line_refuses_the_whole_set
                a_changed_identity_is_stale
                a_thing_changes_once_in_a_set
                senseless_sets_are_refused
                external_ids_are_unique
                a_person_is_removed_with_everything
                a_set_is_undone_by_its_reverse;
            checks:
                a_system_check_comes_back_as_it_was
                checks_are_listed_newest_first
                the_newest_check_of_each_connection_is_found
                old_checks_are_forgotten
                a_persons_checks_go_with_the_person
                checks_of_others_are_not_seen;
            connections:
                a_connection_is_kept
                saving_leaves_others_fields_alone
                a_stale_save_writes_nothing
                a_taken_name_writes_nothing
                credentials_are_kept_by_name
                health_since_moves_with_state_or_code
                another_state_is_audited_once
                the_remote_organization_is_remembered
                a_lease_has_one_holder;
            crm_users:
                ids_are_compared_byte_by_byte
                users_come_by_name
                a_user_is_found_by_words
                users_are_filtered
                some_users_are_looked_at
                the_unmapped_are_found_at_an_instant;
            decisions:
                decisions_are_listed
                the_same_is_decided_once;
            drafts:
                edits_are_kept
                a_cell_has_one_edit
                edits_are_kept_all_or_none
                edits_are_dropped;
            evaluations:
                what_cannot_be_accepted_is_withdrawn
                only_what_is_concerned_is_withdrawn
                nothing_is_certain_once_it_is_doubted
                changes_are_open_until_they_are_evaluated
                evaluations_are_ones_own;
            events:
                a_change_set_tells_of_its_mappings
                a_dropped_unit_tells_nothing
                many_changes_are_told_in_several_events
                an_opened_proposal_is_told_once
                drift_is_told_when_it_is_found
                another_state_of_a_connection_is_told
                the_log_is_read_behind_a_cursor;
            drift:
                drift_is_listed
                drift_is_counted_by_cause
                drift_goes_on_since_it_was_found
                drift_is_replaced_for_some_people
                drift_ends_with_its_mapping
                policies_are_kept_by_connection;
            exclusivity:
                mappings_overlap_unless_a_side_is_shared
                neighbours_in_time_are_allowed
                connections_do_not_clash
                two_mappings_change_places
                mappings_of_one_set_clash
                a_handle_belongs_to_one_person_at_a_time;
            grid:
                cells_show_how_it_stands
                one_persons_cells_are_the_grids
                certain_proposals_are_counted
                an_unknown_user_is_shown_by_its_id
                rows_come_by_name
                rows_are_filtered_by_situation
                rows_are_filtered_and_sorted_by_department
                rows_are_filtered_by_cause
                one_connection_can_be_looked_at
                a_person_is_found_by_words
                a_person_is_found_by_crm_user
                a_search_is_taken_literally
                a_forged_cursor_is_harmless;
            inconsistencies:
                pairs_of_other_names_are_listed
                inconsistencies_go_on_since_they_were_found
                the_grid_knows_who_is_inconsistent;
            isolation:
                lists_hold_ones_own
                foreign_ids_find_nothing
                foreign_ids_change_nothing;
            mappings:
                mappings_are_listed_by_id;
            organizations:
                founding_makes_everything
                an_existing_account_may_found
                founding_under_a_taken_name_writes_nothing
                founding_with_a_taken_address_writes_nothing
                a_set_up_link_is_used_once
                a_refused_founding_keeps_the_link
                organizations_come_by_name
                an_open_store_answers;
            pending:
                a_waiting_change_is_kept_as_it_is
                waiting_changes_are_listed
                a_waiting_change_ends_once
                an_approved_change_set_says_by_whom
                the_need_for_a_second_person_is_kept;
            people:
                a_person_is_found_by_its_ids
                people_are_listed_and_counted
                search_follows_identities
                identities_come_in_order
                a_handle_is_somebodys_at_an_instant;
            proposals:
                a_proposal_keeps_its_evidence
                proposals_are_replaced
                the_certain_are_those_still_proposed
                misplaced_proposals_are_refused;
            resolve:
                people_are_found_by_external_id_and_address
                people_are_found_by_handle
                mappings_are_found_at_an_instant
                what_is_known_of_many_is_found
                a_thousand_are_answered_at_once;
            review:
                cases_come_by_certainty
                matching_settings_change_in_sets
                stale_matching_settings_are_refused;
            run_ends:
                the_first_run_finds_everybody_new
                a_full_run_finds_every_difference
                the_gone_are_gone_once
                only_the_usable_are_deactivated
                only_the_usable_are_lost
                a_changed_since_run_never_finds_anybody_gone
                unreadable_records_let_nobody_be_gone
                a_count_mismatch_lets_nobody_be_gone
                measuring_needs_the_last_page
                a_held_run_can_be_applied
                a_rejected_run_changes_nothing
                a_new_run_rejects_the_held_one
                losses_are_counted_since_an_instant;
            runs:
                a_run_begins_empty
                a_second_run_is_refused_while_the_first_is_alive
                a_dead_workers_run_is_resumed
                leases_of_runs_are_renewed_and_released
                pages_are_staged_in_order
                a_repeated_page_changes_nothing
                the_end_of_a_run_leaves_what_others_staged
                a_page_left_out_is_refused
                a_failed_run_changes_nothing
                an_unknown_run_is_a_mistake
                runs_come_newest_first;
            saved_views:
                views_are_seen_by_those_they_are_for
                a_view_is_replaced_and_forgotten;
            situations:
                the_first_of_the_precedence_wins
                a_mapping_is_drifted_while_it_drifts
                only_what_holds_now_counts
                former_people_are_in_no_situation
                only_crm_sides_have_situations
                a_refresh_keeps_to_what_it_was_asked
                of_several_mappings_the_drifted_is_shown
                a_cell_names_the_mappings_version;
            standings:
                sums_are_kept_with_everything_that_changes
                search_follows_what_cells_show
                search_finds_the_few_among_many
                what_is_shown_elsewhere_is_not_in_a_connection;
            undo:
                a_set_knows_who_undid_it
                an_unknown_set_is_not_undone
                what_stands_is_found
                rivals_are_found
                the_last_change_of_a_thing_is_found
                the_history_of_a_person_is_found;
            units:
                a_unit_becomes_true_at_once
                dropping_a_unit_undoes_everything
                a_unit_with_a_refused_set_is_lost
                a_second_unit_waits_for_the_first
                whole_commands_go_on_beside_a_unit;
            webhooks:
                a_webhook_is_kept
                a_stale_webhook_is_not_saved
                a_claim_brings_what_is_wanted
                unwanted_events_are_passed_over
                a_webhook_is_delivered_to_by_one
                failed_attempts_are_repeated_and_given_up
                a_rewound_webhook_begins_again
                attempts_are_noted_and_forgotten;
        }
        $crate::conformance_suite! { @wire $open, $crate::conformance::SHORT_DEADLINE;
            deadlines:
                a_unit_that_stays_open_is_undone
                waiting_for_a_unit_ends;
        }
    };
    (@wire $open:path, $deadline:expr; $($module:ident: $($test:ident)*;)*) => {
        $(mod $module {
            $(#[tokio::test]
            async fn $test() {
                let fixture = $open($deadline).await;
                let store = $crate::conformance::Fixture::store(&fixture);
                $crate::conformance::$module::$test(store).await;
            })*
        })*
    };
}

#[cfg(test)]
mod tests {
    /// A test that nobody wires protects nothing.
    #[test]
    fn every_test_is_wired() {
        let suite = include_str!("suite.rs");
        let modules = [
            ("absences", include_str!("absences.rs")),
            ("accounts", include_str!("accounts.rs")),
            ("audit", include_str!("audit.rs")),
            ("change_sets", include_str!("change_sets.rs")),
            ("checks", include_str!("checks.rs")),
            ("connections", include_str!("connections.rs")),
            ("crm_users", include_str!("crm_users.rs")),
            ("deadlines", include_str!("deadlines.rs")),
            ("decisions", include_str!("decisions.rs")),
            ("drafts", include_str!("drafts.rs")),
            ("evaluations", include_str!("evaluations.rs")),
            ("events", include_str!("events.rs")),
            ("drift", include_str!("drift.rs")),
            ("exclusivity", include_str!("exclusivity.rs")),
            ("grid", include_str!("grid.rs")),
            ("inconsistencies", include_str!("inconsistencies.rs")),
            ("isolation", include_str!("isolation.rs")),
            ("mappings", include_str!("mappings.rs")),
            ("organizations", include_str!("organizations.rs")),
            ("pending", include_str!("pending.rs")),
            ("people", include_str!("people.rs")),
            ("proposals", include_str!("proposals.rs")),
            ("resolve", include_str!("resolve.rs")),
            ("review", include_str!("review.rs")),
            ("run_ends", include_str!("run_ends.rs")),
            ("runs", include_str!("runs.rs")),
            ("saved_views", include_str!("saved_views.rs")),
            ("situations", include_str!("situations.rs")),
            ("standings", include_str!("standings.rs")),
            ("undo", include_str!("undo.rs")),
            ("units", include_str!("units.rs")),
            ("webhooks", include_str!("webhooks.rs")),
        ];
        for (module, text) in modules {
            assert!(
                suite.contains(&format!(" {module}:\n")),
                "{module} is not wired"
            );
            for line in text.lines() {
                let Some(rest) = line.strip_prefix("pub async fn ") else {
                    continue;
                };
                // What a test is given is a store; other functions help tests elsewhere.
                if rest.contains("(world:") {
                    continue;
                }
                let name: String = rest.chars().take_while(|c| *c != '(').collect();
                let wired = suite
                    .lines()
                    .any(|line| line.trim().trim_end_matches(';') == name);
                assert!(wired, "{module}::{name} is not wired");
            }
        }
    }
}
