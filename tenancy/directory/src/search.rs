//! How a member is found and sorted: by name, nickname and account, by the pinyin of the name in
//! full and by its initials, all folded. Both databases then compare plain text.

use pinyin::ToPinyinMulti as _;

/// Readings of one name that are searched for: 单 is read dan and shan, 曾 ceng and zeng.
const READINGS_MAX: usize = 8;
/// Stands between the texts of the search column; no search term contains it.
const BETWEEN: char = '\n';

/// The pinyin of a name, one reading of it, syllable by syllable; what has none stays as it is.
type Reading = Vec<String>;

/// What a search looks into for its term.
pub(crate) fn search_text(name: &str, nickname: Option<&str>, account: &str) -> String {
    let mut texts = vec![kernel::fold(name), kernel::fold(account)];
    texts.extend(nickname.map(kernel::fold));
    for reading in readings(name) {
        texts.push(reading.concat());
        texts.push(reading.join(" "));
        texts.push(initials(&reading));
    }
    texts.sort();
    texts.dedup();
    texts.retain(|text| !text.is_empty());
    texts.join(&BETWEEN.to_string())
}

/// What lists are sorted by: the pinyin of the name.
pub(crate) fn sort_text(name: &str) -> String {
    readings(name)
        .first()
        .map(|reading| reading.join(" "))
        .unwrap_or_default()
}

fn initials(reading: &Reading) -> String {
    reading
        .iter()
        .flat_map(|syllable| syllable.split_whitespace())
        .filter_map(|syllable| syllable.chars().next())
        .collect()
}

/// All readings, the common one first.
fn readings(name: &str) -> Vec<Reading> {
    let mut all: Vec<Reading> = vec![Vec::new()];
    let mut plain = String::new();
    for (letter, multi) in name.chars().zip(name.to_pinyin_multi()) {
        let Some(multi) = multi else {
            plain.push(letter);
            continue;
        };
        append_plain(&mut all, &mut plain);
        let mut syllables: Vec<&str> = Vec::new();
        for reading in multi {
            // The table writes ü as v or ü; keyboards have v.
            if !syllables.contains(&reading.plain()) {
                syllables.push(reading.plain());
            }
        }
        let room = (READINGS_MAX / all.len()).max(1);
        syllables.truncate(room);
        all = syllables
            .iter()
            .flat_map(|syllable| {
                all.iter().map(move |reading| {
                    let mut longer = reading.clone();
                    longer.push(syllable.replace('ü', "v"));
                    longer
                })
            })
            .collect();
    }
    append_plain(&mut all, &mut plain);
    all
}

fn append_plain(all: &mut [Reading], plain: &mut String) {
    let text = kernel::fold(plain.trim());
    plain.clear();
    if text.is_empty() {
        return;
    }
    for reading in all {
        reading.push(text.clone());
    }
}

/// A LIKE pattern that finds `term` anywhere; its wildcards are made plain with `\`.
pub(crate) fn contains(term: &str) -> sea_orm::sea_query::LikeExpr {
    let mut pattern = String::from("%");
    for letter in term.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    sea_orm::sea_query::LikeExpr::new(pattern).escape('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(name: &str, term: &str) -> bool {
        search_text(name, Some("小明"), "E1001").contains(&kernel::fold(term))
    }

    #[test]
    fn a_name_is_found_by_itself_its_pinyin_and_its_initials() {
        for term in [
            "张伟",
            "zhangwei",
            "zhang wei",
            "ZW",
            "angwe",
            "e1001",
            "小明",
        ] {
            assert!(finds("张伟", term), "{term}");
        }
        assert!(!finds("张伟", "liwei"));
        for term in ["anna", "Anna Li", "al"] {
            assert!(finds("Anna Li", term), "{term}");
        }
        assert!(finds("王 Tom", "wt") && finds("王 Tom", "wangtom"));
    }

    #[test]
    fn a_name_with_several_readings_is_found_by_each() {
        for term in ["shan", "dan", "zeng"] {
            assert!(finds("单曾", term), "{term}");
        }
        assert!(search_text(&"行".repeat(64), None, "a").len() < 20_000);
    }

    #[test]
    fn names_sort_by_pinyin() {
        let mut names = ["赵六", "Bob", "李四", "安娜"];
        names.sort_by_key(|name| sort_text(name));
        assert_eq!(names, ["安娜", "Bob", "李四", "赵六"]);
    }
}
