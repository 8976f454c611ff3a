//! What a spreadsheet tells of itself, on a sheet behind the list: whose it is, which rows it holds, who made it and when.
//! The list stays the first sheet and begins with its headings, so that an import reads it as before.

use base::problem::Lang;
use forms::{Field, FieldKind};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::Value;

use crate::{
    Condition, Fields,
    cells::{Cell, cell, said},
    filter::Bound,
};

/// A file's own account of itself, in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    lang: Lang,
    company: String,
    author: String,
    /// When it was made, by the company's clock.
    made: String,
    /// What was asked for: name and value.
    filter: Vec<(String, String)>,
}

impl About {
    pub fn new(lang: Lang, company: String, author: String, made: String) -> About {
        About { lang, company, author, made, filter: vec![] }
    }

    /// One thing the rows were chosen by; nothing when it was not asked for.
    #[must_use]
    pub fn of(mut self, zh: &str, en: &str, value: Option<String>) -> About {
        let name = self.word(zh, en).to_owned();
        self.filter.extend(value.map(|value| (name, value)));
        self
    }

    /// What was asked of the company's own fields.
    #[must_use]
    pub fn of_own(mut self, fields: &Fields, conditions: &[Condition]) -> About {
        for condition in conditions {
            if let Some(field) = fields.spec().fields.iter().find(|f| f.key == condition.field) {
                let told = self.told(fields, field, condition);
                self.filter.push((said(&field.label, self.lang), told));
            }
        }
        self
    }

    fn word<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    fn told(&self, fields: &Fields, field: &Field, condition: &Condition) -> String {
        let zh = self.lang == Lang::Zh;
        let label = |word: &String| {
            let value = match (&field.kind, word.as_str()) {
                (FieldKind::YesNo, yes) => Value::Bool(yes == "true"),
                (FieldKind::Choices { .. }, one) => Value::Array(vec![one.into()]),
                (_, one) => one.into(),
            };
            match cell(fields.spec(), field, Some(&value), &Default::default(), self.lang) {
                Cell::Text(text) => text,
                Cell::Number(n) => n.to_string(),
            }
        };
        let end = |bound: &Bound| match bound {
            Bound::Number(n) => n.to_string(),
            Bound::Text(text) => text.clone(),
        };
        let mut parts = vec![];
        if !condition.one_of.is_empty() {
            let words: Vec<String> = condition.one_of.iter().map(label).collect();
            parts.push(words.join(self.word("、", ", ")));
        }
        if let Some(part) = &condition.contains {
            parts.push(if zh { format!("包含“{part}”") } else { format!("contains “{part}”") });
        }
        match (condition.from.as_ref().map(end), condition.to.as_ref().map(end)) {
            (Some(from), Some(to)) if zh => parts.push(format!("{from} 至 {to}")),
            (Some(from), Some(to)) => parts.push(format!("{from} to {to}")),
            (Some(from), None) if zh => parts.push(format!("从 {from} 起")),
            (Some(from), None) => parts.push(format!("from {from}")),
            (None, Some(to)) if zh => parts.push(format!("到 {to} 为止")),
            (None, Some(to)) => parts.push(format!("up to {to}")),
            (None, None) => {}
        }
        if condition.empty {
            parts.push(self.word("未填写", "not answered").to_owned());
        }
        parts.join(self.word("；", "; "))
    }

    /// Its lines for a list of this name with so many rows.
    fn lines(&self, list: &str, rows: usize) -> Vec<(String, String)> {
        let line = |zh: &str, en: &str, value: &str| (self.word(zh, en).to_owned(), value.to_owned());
        let chosen = match self.filter.is_empty() {
            true => self.word("导出人数据范围内的全部", "everything in the scope of who exported"),
            false => self.word("导出人数据范围内，符合以下条件", "in the scope of who exported, where"),
        };
        let mut lines = vec![
            line("公司", "Company", &self.company),
            line("内容", "Content", list),
            line("导出人", "Exported by", &self.author),
            line("导出时间", "Exported at", &self.made),
            line("行数", "Rows", &rows.to_string()),
            line("范围", "Which", chosen),
        ];
        lines.extend(self.filter.iter().cloned());
        lines
    }

    /// Puts it on a sheet of its own behind those of the book.
    ///
    /// # Errors
    /// When the sheet cannot be made.
    pub fn write(&self, book: &mut Workbook, list: &str, rows: usize) -> Result<(), XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name(self.word("说明", "About"))?;
        let bold = Format::new().set_bold();
        for (row, (name, value)) in (0..).zip(self.lines(list, rows)) {
            sheet.write_string_with_format(row, 0, name, &bold)?;
            // Always as text: a search that begins with = is a search.
            sheet.write_string(row, 1, value.chars().take(32_000).collect::<String>())?;
        }
        sheet.set_column_width(0, 18)?;
        sheet.set_column_width(1, 60)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn about(lang: Lang) -> About {
        About::new(lang, "甲".into(), "陈静".into(), "2026-11-20 08:00".into())
    }

    #[test]
    fn what_was_not_asked_for_is_not_told() {
        let all = about(Lang::Zh).of("等级", "Grade", None).lines("客户", 2);
        assert_eq!(all.len(), 6);
        assert_eq!(all[5].1, "导出人数据范围内的全部");
        let some = about(Lang::En).of("等级", "Grade", Some("A".into())).lines("Customers", 2);
        assert_eq!(some[6], ("Grade".to_owned(), "A".to_owned()));
    }

    #[test]
    fn own_fields_are_told_by_their_labels() {
        let spec = json!({ "title": { "zh-CN": "客户" }, "fields": [
            { "key": "metres", "type": "number", "label": { "zh-CN": "货架米数" } },
            { "key": "kind", "type": "choice", "label": { "zh-CN": "业态" }, "options": [
                { "value": "a", "label": { "zh-CN": "便利店" } }, { "value": "b", "label": { "zh-CN": "超市" } }] } ] });
        let fields = Fields::of(serde_json::from_value(spec).unwrap()).unwrap();
        let conditions: Vec<Condition> = serde_json::from_value(
            json!([{ "field": "metres", "from": 3 }, { "field": "kind", "one_of": ["a", "b"] }]),
        )
        .unwrap();
        let told = about(Lang::Zh).of_own(&fields, &conditions).filter;
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(told, [pair("货架米数", "从 3 起"), pair("业态", "便利店、超市")]);
    }
}
