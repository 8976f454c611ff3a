//! Lists of choices, and questions that become several rows.

use forms::{Choice, Field, FieldKind, Options};

use super::{Line, Writer};
use crate::xpath::{self, Expr, Op};

/// Most pictures of one question: each is a row of its own.
pub(super) const MOST_PHOTOS: u32 = 9;

impl Writer<'_> {
    pub(super) fn options(
        &mut self,
        from: &Options,
        name: &str,
        table: Option<&str>,
        line: &mut Line,
        own: &mut Vec<String>,
    ) -> String {
        let all = self.spec.choices(from).to_vec();
        let list = match &from.list {
            Some(list) => list.clone(),
            None => {
                let mut list = name.to_owned();
                while !self.lists.insert(list.clone()) {
                    list.push_str("_options");
                }
                self.choices.extend(all.iter().map(|c| (list.clone(), c.clone())));
                own.push("inline".into());
                list
            }
        };
        if let Some(parent) = &from.parent {
            let parent = self.name(parent, table);
            let under = Expr::two(Op::Eq, Expr::Column("under".into()), Expr::Field(parent));
            let filter = if all.iter().any(|c| c.under.is_none()) {
                let open = Expr::two(Op::Eq, Expr::Column("under".into()), Expr::Text(String::new()));
                Expr::two(Op::Or, under, open)
            } else {
                under
            };
            line.set("choice_filter", xpath::written(&filter));
        }
        list
    }

    pub(super) fn yes_no_list(&mut self) {
        if self.lists.insert("tashi_yes_no".into()) {
            for (value, zh, en) in [("yes", "是", "Yes"), ("no", "否", "No")] {
                let label = [("zh-CN", zh), ("en", en)].map(|(l, t)| (l.to_owned(), t.to_owned())).into();
                let choice = Choice { value: value.into(), label, under: None };
                self.choices.push(("tashi_yes_no".into(), choice));
            }
        }
    }

    /// Each picture beyond the first: asked for once the one before it is there.
    pub(super) fn further_photos(&mut self, first: &Line, name: &str, field: &Field, max: u32) {
        let mut before = name.to_owned();
        let least = match field.kind {
            FieldKind::Photo { min, .. } => min.unwrap_or(1),
            _ => 1,
        };
        for n in 2..=max.min(MOST_PHOTOS) {
            let next = format!("{name}_photo_{n}");
            let mut line = Line::new("image", &next);
            let text = field.label.iter().map(|(l, t)| (l.clone(), format!("{t} ({n})"))).collect();
            line.texts.insert("label", text);
            let there = Expr::two(Op::Ne, Expr::Field(before), Expr::Text(String::new()));
            line.set("relevant", xpath::written(&there));
            line.set("required", if n <= least { "yes" } else { "" });
            line.set("appearance", first.cells.get("appearance").cloned().unwrap_or_default());
            line.set("tashi_type", "more");
            self.survey.push(line);
            before = next;
        }
    }
}
