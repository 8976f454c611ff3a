//! Guides and practice: what a phone carries along besides the day itself.

use std::collections::BTreeSet;

use api::Kit;
use base::{LocalDay, Micros};
use db::{Query, Result, Scope};
use formbook::PinnedForm;
use knowledge::PinnedGuide;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use work::{Step, practice::PracticeTemplate};

/// Days ahead of today.
pub(crate) const AHEAD: i32 = 6;

/// Templates to practise with, and what their steps ask for.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldPractice {
    pub templates: Vec<PracticeTemplate>,
    pub forms: Vec<PinnedForm>,
    pub guides: Vec<PinnedGuide>,
}

/// Versions of forms or guides that steps are pinned to.
pub(crate) type Named = BTreeSet<(Uuid, i64)>;

pub(crate) fn forms_of<'a>(steps: impl Iterator<Item = &'a Step>) -> Named {
    steps.filter_map(|s| s.form_id.zip(s.form_version)).collect()
}

pub(crate) fn guides_of<'a>(steps: impl Iterator<Item = &'a Step>) -> Named {
    steps.filter_map(|s| s.guide_id.zip(s.guide_version)).collect()
}

/// What can be practised.
pub(crate) async fn practice(q: &mut impl Query) -> Result<FieldPractice> {
    let templates = work::practice::templates(q).await?;
    let steps = || templates.iter().flat_map(|t| &t.steps);
    let (forms, guides) = (forms_of(steps()), guides_of(steps()));
    Ok(FieldPractice {
        forms: formbook::pinned(q, forms).await?,
        guides: knowledge::pinned(q, guides).await?,
        templates,
    })
}

/// The guides of somebody's work and of what he may practise: whose files he is given.
pub(crate) async fn of_person(kit: &Kit, scope: &Scope, now: Micros) -> Result<Vec<PinnedGuide>> {
    let mut r = kit.db.read(scope).await?;
    let day: LocalDay = now.local_day(&org::zone(&mut r).await?);
    let mine = scope.actor();
    let (_, tasks) = work::ahead(&mut r, mine, day, day.plus_days(AHEAD), now).await?;
    let open = work::visits::detail_of_open(&mut r, mine).await?;
    let practised = work::practice::templates(&mut r).await?;
    let steps = tasks.iter().flat_map(|t| &t.steps);
    let steps = steps.chain(open.iter().flat_map(|v| v.steps.iter().map(|s| &s.step)));
    let named = guides_of(steps.chain(practised.iter().flat_map(|t| &t.steps)));
    knowledge::pinned(&mut r, named).await
}
