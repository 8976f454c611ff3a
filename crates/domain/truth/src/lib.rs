//! Truth: what in records needs an explanation, who was told, what was answered, what was decided.
//!
//! Nouns: Finding (a rule's measurement about a visit or a day), Event (answer, decision, second opinion), Card (all
//! about one visit), Rules (block, flag or allow).
//!
//! Invariants
//! * A visit is asked for in the transaction of its records and examined after the commit: judging holds up nobody's
//!   check-in, and what was asked for is examined even when the server stops in between.
//! * Findings and events are only ever appended. How a finding stands follows from its events.
//! * The person concerned is told first and sees the same card; no decision is made by the server, and nobody upholds a
//!   finding before he has answered or had three working days to.
//! * Findings and everything said about them are entries of the company's log.
//! * A decision that touches pay needs a second person, who is neither the first nor the person concerned.
//! * A rule whose findings are cleared too often (over 5 % of at least twenty decisions) can no longer make red, by itself.
//! * An open red finding keeps a visit from counting, a shared phone alone only where the company blocks it; clearing it
//!   lets the visit count again.
//!
//! Events: `finding` `{id, employee_id, visit_id, code, status}`; notices `truth.*` to the person and his managers.

mod card;
mod centre;
mod erase;
mod examine;
mod facts;
mod http;
mod model;
mod rules;
mod sql;
mod watch;

pub use erase::erase;
pub use examine::{Arrival, ask, examine, gate};
pub use http::routes;
pub use model::{Band, CardPhoto, CardSeals, Event, Finding, Grade, TruthCard};
pub use rules::{CompanyRules, Policy, admit};
pub use watch::start;

base::problems! {
    /// The company's rules do not let a check-in be recorded like this.
    BLOCKED = 409 "truth.blocked",
        zh "按公司规则不能签到" / "{found_zh}请核对后再试，或联系主管。",
        en "Check-in not possible by company rule" / "{found_en} Check and try again, or ask your manager.";
    /// A finding that is decided (or replaced by a newer measurement) cannot be answered or decided again.
    CLOSED = 409 "truth.closed",
        zh "疑点已处理" / "这个疑点已经有结论，请刷新后查看。",
        en "Already decided" / "This finding has been decided; reload to see how it stands.";
    /// Nothing is upheld before the person has answered or the time to answer is over.
    TOO_EARLY = 409 "truth.too_early",
        zh "请先等本人说明" / "本人还没有说明，说明期到 {until}。现在可以排除；要确认，请等本人说明或说明期结束。",
        en "The person has not been heard yet" / "There is time to answer until {until}. It can be cleared now; to uphold it, wait for the answer or the end of that time.";
    /// The person concerned, or the first decider, cannot decide.
    NOT_IMPARTIAL = 403 "truth.not_impartial",
        zh "需要另一个人" / "本人不能给自己下结论，复核也必须由另一位有权限的人来做。",
        en "Another person is needed" / "Nobody decides about himself, and the second opinion must come from somebody else.";
}
