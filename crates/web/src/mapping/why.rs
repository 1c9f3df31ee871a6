//! Why somebody is proposed, mapped, or not: the evidence as a waterfall.

use askama::Template;
use counterpart_model::{ConnectionId, Evidence, MappingOrigin, PersonId};
use counterpart_service::mapping::{MappingView, Why};
use counterpart_store::mappings::MappingQuery;

use super::draft::CellAt;
use super::seat::why_id;
use crate::problem::{Answer, Problem};
use crate::request::At;
use crate::session::Portal;
use crate::shell::{Place, Shell, show as show_page};
use crate::times::Moment;
use crate::words::{percent, sentence};

/// How many others are shown.
const RIVALS: usize = 5;
/// How probable others must be to be shown.
const NEAR: f64 = 0.005;
/// Evidence below this weight, in bits, is a remark: the matcher noticed it and let it decide
/// otherwise than by weight.
const WEIGHS: f64 = 0.05;

#[derive(Template)]
#[template(path = "mapping/why_page.html")]
struct Page {
    shell: Shell,
    why: WhyView,
}

#[derive(Template)]
#[template(path = "mapping/why.html")]
struct WhyView {
    /// Whether it stands on a page of its own.
    alone: bool,
    path: String,
    back: String,
    seat_id: String,
    slot_id: String,
    person: String,
    connection: String,
    proposal: Option<Proposed>,
    mapped: Option<MappedNow>,
    rivals: Vec<Rival>,
    unmatched: Vec<String>,
    may_edit: bool,
}

struct Proposed {
    likely: u8,
    name: String,
    crm_id: String,
    certain: bool,
    ambiguous: bool,
    lines: Lines,
}

struct MappedNow {
    name: String,
    crm_id: String,
    origin: &'static str,
    from: Moment,
    written: Moment,
    lines: Lines,
}

struct Rival {
    name: String,
    crm_id: String,
    likely: u8,
    lines: Lines,
}

/// Reasons, and what was noticed without weighing anything.
pub(crate) struct Lines {
    pub(crate) weighed: Vec<Line>,
    pub(crate) cautions: Vec<String>,
}

/// One reason, with its bar in percent of the whole width.
pub(crate) struct Line {
    pub(crate) words: String,
    pub(crate) weight: String,
    pub(crate) speaks_for: bool,
    pub(crate) from: String,
    pub(crate) width: String,
}

/// `GET /o/{organization}/mapping/{connection}/{person}/why`
pub(super) async fn show(portal: Portal, At((_, connection, person)): CellAt) -> Answer {
    let view = view(&portal, connection, person).await?;
    if portal.fragment {
        return show_page(&view);
    }
    let title = format!("Why: {} in {}", view.person, view.connection);
    let shell = portal.shell(Place::Mapping, &title).await?;
    show_page(&Page { shell, why: view })
}

async fn view(
    portal: &Portal,
    connection: ConnectionId,
    person: PersonId,
) -> Result<WhyView, Problem> {
    let why = portal
        .service
        .why(&portal.actor, connection, person)
        .await?;
    let query = MappingQuery {
        connection_id: Some(connection),
        person_id: Some(person),
        at: Some(portal.service.now()),
        ..MappingQuery::default()
    };
    let page = counterpart_model::PageRequest::first(1);
    let mapped = portal
        .service
        .list_mappings(&portal.actor, &query, &page)
        .await?;
    let shown = portal
        .service
        .connection_view(&portal.actor, connection)
        .await?;
    let mapped = mapped
        .items
        .into_iter()
        .next()
        .map(|view| mapped_now(portal, &view));
    Ok(WhyView {
        alone: !portal.fragment,
        path: portal.path(&format!("/mapping/{connection}/{person}")),
        back: portal.path("/mapping"),
        seat_id: format!("seat-{connection}-{person}"),
        slot_id: why_id(person),
        person: why.person.profile.display_name.clone(),
        connection: shown.connection.name,
        rivals: rivals(&why, mapped.as_ref()),
        unmatched: why.unmatched.iter().map(|words| sentence(words)).collect(),
        proposal: why
            .proposal
            .filter(|_| mapped.is_none())
            .map(|(proposal, user)| Proposed {
                likely: percent(proposal.score),
                name: user.profile.display_name,
                crm_id: user.id.0,
                certain: proposal.certain,
                ambiguous: proposal.ambiguous,
                lines: lines(&proposal.evidence),
            }),
        mapped,
        may_edit: portal.may_edit(),
    })
}

fn mapped_now(portal: &Portal, view: &MappingView) -> MappedNow {
    let mapping = &view.mapping;
    MappedNow {
        name: view.crm_user.as_ref().map_or_else(
            || mapping.crm_user_id.0.clone(),
            |user| user.profile.display_name.clone(),
        ),
        crm_id: mapping.crm_user_id.0.clone(),
        origin: origin(mapping.origin),
        from: portal.times.moment(mapping.period.from()),
        written: portal.times.moment(mapping.created_at),
        lines: lines(&mapping.evidence),
    }
}

/// How a mapping came to be, in words.
pub(crate) const fn origin(origin: MappingOrigin) -> &'static str {
    match origin {
        MappingOrigin::Manual => "chosen by hand",
        MappingOrigin::Proposal => "an accepted proposal",
        MappingOrigin::Import => "from a file or the API",
        MappingOrigin::Provisioned => "the person was added from this user",
    }
}

/// Who else was considered and comes near enough to be worth a line.
fn rivals(why: &Why, mapped: Option<&MappedNow>) -> Vec<Rival> {
    why.others
        .iter()
        .filter(|(user, score, _)| {
            *score >= NEAR && mapped.is_none_or(|mapped| mapped.crm_id != user.id.0)
        })
        .take(RIVALS)
        .map(|(user, score, evidence)| Rival {
            name: user.profile.display_name.clone(),
            crm_id: user.id.0.clone(),
            likely: percent(*score),
            lines: lines(evidence),
        })
        .collect()
}

/// Reasons as lines, strongest for the pair first. All bars of a list share one scale.
pub(crate) fn lines(evidence: &[Evidence]) -> Lines {
    let most = evidence
        .iter()
        .map(|one| one.weight.abs())
        .fold(1.0, f64::max);
    let (mut weighed, noticed): (Vec<&Evidence>, Vec<&Evidence>) =
        evidence.iter().partition(|one| one.weight.abs() >= WEIGHS);
    weighed.sort_by(|one, other| other.weight.total_cmp(&one.weight));
    let cautions = noticed
        .into_iter()
        .map(|one| sentence(&one.words))
        .collect();
    let weighed = weighed
        .into_iter()
        .map(|one| {
            let width = (one.weight.abs() / most * 48.0).max(1.0);
            let speaks_for = one.weight >= 0.0;
            Line {
                words: sentence(&one.words),
                weight: format!("{:+.1}", one.weight).replace('-', "−"),
                speaks_for,
                from: format!("{:.2}", if speaks_for { 50.0 } else { 50.0 - width }),
                width: format!("{width:.2}"),
            }
        })
        .collect();
    Lines { weighed, cautions }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(weight: f64) -> Evidence {
        Evidence {
            kind: "email".to_owned(),
            words: "e-mail is the same".to_owned(),
            weight,
        }
    }

    #[test]
    fn what_weighs_nothing_is_a_caution() {
        let lines = lines(&[evidence(0.0), evidence(3.0)]);
        assert_eq!((lines.weighed.len(), lines.cautions.len()), (1, 1));
    }

    #[test]
    fn what_speaks_against_points_the_other_way() {
        let lines = lines(&[evidence(-2.0), evidence(8.0)]).weighed;
        assert_eq!(lines[0].weight, "+8.0");
        assert_eq!(
            (lines[0].from.as_str(), lines[0].width.as_str()),
            ("50.00", "48.00")
        );
        assert_eq!(lines[1].weight, "−2.0");
        assert_eq!(
            (lines[1].from.as_str(), lines[1].width.as_str()),
            ("38.00", "12.00")
        );
    }
}
