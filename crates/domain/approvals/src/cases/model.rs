//! Cases as they are shown.

use std::collections::BTreeMap;

use base::Micros;
use org::Ref;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Line;
use crate::{Text, files::ApprovalFile};

/// A case in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApprovalRow {
    pub id: Uuid,
    /// What was handed in: form, leave, …
    pub kind: String,
    /// Its definition.
    pub subject_id: Uuid,
    /// The record itself.
    pub record_id: Uuid,
    pub title: Text,
    /// The first few answers.
    pub summary: Vec<Line>,
    pub employee: Ref,
    pub department: Ref,
    /// running, returned, approved, rejected or withdrawn.
    pub status: String,
    /// Who is asked now.
    pub asked: Vec<Ref>,
    /// The reader's own asks; a decision names one.
    pub asks: Vec<OwnAsk>,
    #[schema(value_type = String, format = DateTime)]
    pub started_at: Micros,
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Micros,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Micros>,
    pub version: i64,
}

/// One place at a step where the reader is asked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnAsk {
    pub ask: i64,
    pub node: String,
    #[schema(value_type = String, format = DateTime)]
    pub since: Micros,
}

/// A step the reader may send the case back to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BackStep {
    /// The own ask it is sent back from.
    pub ask: i64,
    pub node: String,
}

/// A step whose people the requester chooses.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChosenStep {
    pub node: String,
    pub most: i64,
    pub people: Vec<Ref>,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrailLine {
    pub seq: i64,
    #[schema(value_type = String, format = DateTime)]
    pub at: Micros,
    /// submitted, changed, took_lane, asked, stood_in, copied, skipped_own, skipped_repeat, skipped_empty, to_admin, approved,
    /// rejected, returned_to_step, returned, returned_empty, transferred, signer_before, signer_after, withdrawn, urged,
    /// commented, reminded, escalated, approved_by_time, rejected_by_time, dropped, completed.
    pub what: String,
    pub node: Option<String>,
    /// Who did it, or whom it is about; absent for what nobody did.
    pub person: Option<Ref>,
    pub instead_of: Option<Ref>,
    pub to: Option<Ref>,
    /// The lane of a branch, from 0.
    pub lane: Option<i64>,
    pub comment: Option<String>,
    /// Files that came with it (`/approval-files/{id}`).
    pub files: Vec<ApprovalFile>,
}

/// A case with what was handed in, what happened, and what the reader may do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApprovalPage {
    #[serde(flatten)]
    pub row: ApprovalRow,
    pub flow: Ref,
    /// The version of the flow it keeps.
    pub flow_number: i64,
    /// The flow's document.
    #[schema(value_type = Object)]
    pub doc: Value,
    /// `{ spec, answers, names }`: a FormSpec, the answers by field key, names of people and customers they refer to.
    #[schema(value_type = Object)]
    pub content: Value,
    pub trail: Vec<TrailLine>,
    /// Names of nodes by id, as the company calls them.
    pub nodes: BTreeMap<String, String>,
    pub back: Vec<BackStep>,
    pub chosen: Vec<ChosenStep>,
    /// The reader is the requester.
    pub mine: bool,
}

/// What waits for the reader.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApprovalCounts {
    /// Cases he is asked in.
    pub todo: i64,
    /// His own that were sent back.
    pub returned: i64,
}

/// A colleague who may be asked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Colleague {
    pub id: Uuid,
    pub name: String,
    pub department: String,
}
