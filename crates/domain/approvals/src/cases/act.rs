//! What people do to a case, exactly once.

use std::collections::{BTreeMap, BTreeSet};

use api::Checks;
use base::{Problem, problem};
use db::{Permission, Query, Result, Tx};
use flow::{Event, Side};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    run::{self, Step},
    sql,
};
use crate::{REASON, files, staff::Staff};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Approve,
    Reject,
    /// To `step`, or without one to the requester.
    Return,
    /// `to` decides instead.
    Transfer,
    /// `to` decides before.
    SignerBefore,
    /// `to` decides after.
    SignerAfter,
    /// The requester takes it back.
    Withdraw,
    /// The requester asks for a decision.
    Urge,
    Comment,
    /// The requester hands it in again, with the people he chooses.
    Submit,
}

/// Something done to a case.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAction {
    /// Made by the client; the same id counts once.
    pub id: Uuid,
    pub action: Action,
    /// The version of the case that was seen; needed for everything but urging and comments.
    pub version: Option<i64>,
    /// The own ask that is decided; needed for what is decided.
    pub ask: Option<i64>,
    /// Needed when rejecting and sending back.
    #[schema(max_length = 500)]
    pub comment: Option<String>,
    /// Whom it goes to.
    pub to: Option<Uuid>,
    /// The step it goes back to.
    #[schema(max_length = 40)]
    pub step: Option<String>,
    /// People the requester chooses, by step.
    pub chosen: Option<BTreeMap<String, Vec<Uuid>>>,
    /// Files sent for it before (`/approvals/{id}/files`), at most 5.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 5)]
    pub file_ids: Vec<Uuid>,
}

impl NewAction {
    /// # Errors
    /// `input.invalid`, `approval.reason`.
    pub fn check(&self) -> Result<()> {
        let decides =
            !matches!(self.action, Action::Withdraw | Action::Urge | Action::Comment | Action::Submit);
        let free = matches!(self.action, Action::Urge | Action::Comment);
        let mut checks = Checks::new();
        checks.at_most("comment", self.comment.as_deref(), 500).at_most("step", self.step.as_deref(), 40);
        if !free && self.version.is_none() {
            checks.fault("version", problem::REQUIRED);
        }
        if decides && self.ask.is_none() {
            checks.fault("ask", problem::REQUIRED);
        }
        let hands = matches!(self.action, Action::Transfer | Action::SignerBefore | Action::SignerAfter);
        if hands && self.to.is_none() {
            checks.fault("to", problem::REQUIRED);
        }
        let unlike: BTreeSet<&Uuid> = self.file_ids.iter().collect();
        checks.that("file_ids", self.file_ids.len() <= files::MOST && unlike.len() == self.file_ids.len());
        if self.action == Action::Comment && self.said().is_none() && self.file_ids.is_empty() {
            checks.fault("comment", problem::REQUIRED);
        }
        let few = |c: &BTreeMap<String, Vec<Uuid>>| {
            c.len() <= 100 && c.iter().all(|(k, people)| k.len() <= 40 && people.len() <= 20)
        };
        checks.that("chosen", self.chosen.as_ref().is_none_or(few)).done()?;
        let reason = matches!(self.action, Action::Reject | Action::Return);
        if reason && self.said().is_none() {
            return Err(Problem::new(REASON).field("comment", problem::REQUIRED));
        }
        Ok(())
    }

    fn said(&self) -> Option<String> {
        self.comment.as_deref().map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned)
    }

    fn event(&self, by: Uuid) -> Event {
        let ask = self.ask.and_then(|a| u64::try_from(a).ok()).unwrap_or_default();
        let to = self.to.unwrap_or_default();
        match self.action {
            Action::Approve => Event::Approve { by, ask },
            Action::Reject => Event::Reject { by, ask },
            Action::Return => Event::Return { by, ask, to: self.step.clone() },
            Action::Transfer => Event::Transfer { by, ask, to },
            Action::SignerBefore => Event::AddSigner { by, ask, who: to, side: Side::Before },
            Action::SignerAfter => Event::AddSigner { by, ask, who: to, side: Side::After },
            Action::Withdraw => Event::Withdraw { by },
            Action::Urge => Event::Urge { by },
            Action::Comment => Event::Comment { by },
            Action::Submit => Event::Submit { chosen: self.chosen.clone().unwrap_or_default() },
        }
    }
}

/// Does it. Answers whether it had been done before.
///
/// # Errors
/// `not_found` for a case out of sight; `sync.conflict` for an id that was used for something else; `version.conflict`;
/// what the flow refuses.
pub async fn act(tx: &mut Tx, staff: &Staff, case: Uuid, action: &NewAction) -> Result<bool> {
    let reads = tx.scope().may(Permission::VisitRead);
    let me = tx.scope_actor();
    let row = sql::seen(tx, case, reads).await?;
    let text = serde_json::to_string(&(case, action)).map_err(Problem::internal)?;
    let sha256 = hex::encode(Sha256::digest(text));
    if !sql::insert_action(tx, action.id, case, &sha256).await? {
        let known = sql::action(tx, action.id).await?;
        let same = known.is_some_and(|k| k.approval_id == case && k.employee_id == me && k.sha256 == sha256);
        return if same { Ok(true) } else { Err(Problem::new(problem::CONFLICT)) };
    }
    if action.action == Action::Submit && row.employee_id != me {
        return Err(Problem::new(crate::NOT_REQUESTER));
    }
    let (event, comment) = (action.event(me), action.said());
    let step = Step { event, comment, files: action.file_ids.clone(), version: action.version };
    run::step(tx, staff, case, step).await?;
    Ok(false)
}
