//! A connection's form, made from the provider's manifest in the vendor's own words.

use std::collections::BTreeMap;

use counterpart_connector::{CheckReport, ProbeOutcome};
use counterpart_manifest::{Field, FieldKind, Manifest, Need, SIGN_IN_SETTING};

use crate::form::FormProblems;
use crate::problem::ProblemView;
use crate::words::Tone;

/// One field of the form.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent attribute of an input"
)]
pub(super) struct FieldView {
    /// Its name in the form: `s.` for settings and `c.` for credentials, so that a setting and a
    /// credential may share a name.
    pub(super) name: String,
    pub(super) label: String,
    pub(super) help: String,
    pub(super) value: String,
    pub(super) placeholder: String,
    pub(super) choices: Vec<(String, String, bool)>,
    pub(super) secret: bool,
    pub(super) url: bool,
    pub(super) required: bool,
    pub(super) optional: bool,
    /// Whether it works only once.
    pub(super) once: bool,
    /// For how many minutes a one-time value works once it was made; 0: for good.
    pub(super) lives_minutes: u32,
    pub(super) problem: Option<String>,
}

/// What the fields hold now.
pub(super) struct Filled<'a> {
    /// Settings by name, as typed or as stored.
    pub(super) settings: &'a BTreeMap<String, String>,
    /// Which credentials are stored.
    pub(super) stored: &'a [String],
    pub(super) problems: &'a FormProblems,
}

impl Filled<'_> {
    /// The fields of a form: those that are needed first, and those that seldom are.
    pub(super) fn fields(&self, manifest: &Manifest) -> (Vec<FieldView>, Vec<FieldView>) {
        let way = manifest.sign_in_of(self.settings);
        let several = manifest.sign_in.len() > 1;
        let settings = manifest
            .form_settings()
            .filter(|field| field.is_for(way) && !(several && field.name == SIGN_IN_SETTING))
            .map(|field| (field, self.setting(field)));
        let credentials = manifest
            .form_credentials()
            .filter(|field| field.is_for(way))
            .map(|field| (field, self.credential(field)));
        let mut usual = Vec::new();
        let mut advanced = Vec::new();
        for (field, view) in settings.chain(credentials) {
            // A problem must be seen, wherever its field stands.
            if field.advanced && view.problem.is_none() {
                advanced.push(view);
            } else {
                usual.push(view);
            }
        }
        (usual, advanced)
    }

    fn setting(&self, field: &Field) -> FieldView {
        let value = self
            .settings
            .get(&field.name)
            .cloned()
            .or_else(|| field.default.clone())
            .unwrap_or_default();
        let choices = field
            .choices
            .iter()
            .map(|choice| {
                (
                    choice.value.clone(),
                    choice.label.clone(),
                    choice.value == value,
                )
            })
            .collect();
        FieldView {
            value,
            choices,
            ..self.plain(field, "s")
        }
    }

    fn credential(&self, field: &Field) -> FieldView {
        let kept = |name: &str| self.stored.iter().any(|stored| stored == name);
        let stored = kept(&field.name);
        // What a code was exchanged for is kept in its place.
        let exchanged = field.one_time && kept("refresh_token");
        let view = self.plain(field, "c");
        FieldView {
            placeholder: match (stored, exchanged) {
                (true, _) => "stored, leave empty to keep".to_owned(),
                (_, true) => "only to sign in anew".to_owned(),
                _ => view.placeholder.clone(),
            },
            required: view.required && !stored && !exchanged,
            ..view
        }
    }

    fn plain(&self, field: &Field, prefix: &str) -> FieldView {
        let required = field.required;
        FieldView {
            name: format!("{prefix}.{}", field.name),
            label: field.label.clone(),
            help: field.help.clone(),
            value: String::new(),
            placeholder: field.placeholder.clone().unwrap_or_default(),
            choices: Vec::new(),
            secret: field.is_secret(),
            url: field.kind == FieldKind::Url,
            // A default makes an empty field as good as a filled one.
            required: required && field.default.is_none(),
            optional: !required && field.required_if.is_none() && field.choices.is_empty(),
            once: field.one_time,
            lives_minutes: field.lives_minutes.unwrap_or(0),
            problem: self.problems.problem(&field.name).map(str::to_owned),
        }
    }
}

/// One step on the vendor's side, with whether it was seen to be done.
pub(super) struct StepView {
    pub(super) title: String,
    pub(super) place: String,
    pub(super) what: String,
    pub(super) seen: Option<bool>,
}

/// One permission.
pub(super) struct PermissionView {
    pub(super) name: String,
    pub(super) why: String,
    pub(super) word: &'static str,
    pub(super) tone: Tone,
}

/// The vendor's side of setting up, in the light of a test if there was one.
pub(super) fn steps(
    manifest: &Manifest,
    report: Option<&CheckReport>,
) -> (Vec<StepView>, Vec<PermissionView>) {
    let steps = manifest
        .steps
        .iter()
        .map(|step| StepView {
            title: step.title.clone(),
            place: step.place.clone(),
            what: step.what.clone(),
            seen: outcome(report, step.probe.as_deref())
                .map(|outcome| outcome == ProbeOutcome::Passed),
        })
        .collect();
    let permissions = manifest
        .permissions
        .iter()
        .map(|permission| {
            let outcome = outcome(report, permission.probe.as_deref());
            let (word, tone) = match (permission.need, outcome) {
                (_, Some(ProbeOutcome::Passed)) => ("seen", "done"),
                (Need::Required, Some(_)) => ("missing", "broken"),
                (Need::MustBeAbsent, Some(_)) => ("take away", "broken"),
                (Need::Optional, Some(_)) => ("not given", "look"),
                (Need::Required, None) => ("needed", "calm"),
                (Need::Optional, None) => ("optional", "none"),
                (Need::MustBeAbsent, None) => ("must not be given", "look"),
            };
            PermissionView {
                name: permission.name.clone(),
                why: permission.why.clone(),
                word,
                tone,
            }
        })
        .collect();
    (steps, permissions)
}

fn outcome(report: Option<&CheckReport>, probe: Option<&str>) -> Option<ProbeOutcome> {
    let probe = probe?;
    report?
        .probes
        .iter()
        .find(|shown| shown.name == probe)
        .map(|shown| shown.outcome)
}

/// What a test showed.
pub(super) struct CheckView {
    pub(super) good: bool,
    pub(super) signed_in_as: Option<String>,
    pub(super) org: Option<String>,
    pub(super) clock: Option<String>,
    pub(super) probes: Vec<ProbeView>,
}

/// What one probe showed.
pub(super) struct ProbeView {
    pub(super) title: String,
    pub(super) word: &'static str,
    pub(super) tone: Tone,
    pub(super) problem: Option<ProblemView>,
}

/// How far clocks may differ before it is worth a line, in seconds.
const CLOCKS_AGREE: i64 = 30;

impl From<&CheckReport> for CheckView {
    fn from(report: &CheckReport) -> Self {
        let probes = report
            .probes
            .iter()
            .map(|probe| {
                let (word, tone) = match probe.outcome {
                    ProbeOutcome::Passed => ("works", "done"),
                    ProbeOutcome::Failed => ("refused", "broken"),
                    ProbeOutcome::Missing => ("not allowed", "look"),
                };
                let problem = probe
                    .code
                    .filter(|_| probe.outcome != ProbeOutcome::Passed)
                    .map(|code| ProblemView::of(code, probe.detail.as_deref().unwrap_or_default()));
                ProbeView {
                    title: probe.title.clone(),
                    word,
                    tone,
                    problem,
                }
            })
            .collect();
        let org = report.org.as_ref().map(|org| match &org.name {
            Some(name) => format!("{name} ({})", org.id),
            None => org.id.clone(),
        });
        let clock = report
            .clock_ahead_seconds
            .filter(|seconds| seconds.abs() > CLOCKS_AGREE)
            .map(|seconds| {
                let which = if seconds > 0 { "ahead of" } else { "behind" };
                format!("the CRM's clock is {} s {which} ours", seconds.abs())
            });
        Self {
            good: report.is_good(),
            signed_in_as: report.signed_in_as.clone(),
            org,
            clock,
            probes,
        }
    }
}
