//! The colour of links and of what has the focus, as a host wants it and as readers can see it.

use csscolorparser::Color;

/// What text stands on in the page and its results: paper, fields, marked words.
const LIGHT: [&str; 3] = ["#fbfaf7", "#ffffff", "#fbe8a6"];
const DARK: [&str; 3] = ["#181715", "#211f1c", "#5c4a14"];

/// The least contrast between text and what it stands on (WCAG 2, level AA).
const CONTRAST: f32 = 4.5;

/// Steps of lightness between black and white.
const STEPS: u16 = 200;

/// A colour for light pages and one for dark ones, each as `#rrggbb`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accent {
    /// On light paper.
    pub light: String,
    /// On dark paper.
    pub dark: String,
}

impl Accent {
    /// Makes the colours readable: each is darkened, or lightened, as far as it must be.
    pub fn new(light: &Color, dark: &Color) -> Self {
        Self {
            light: readable(light, &LIGHT, false),
            dark: readable(dark, &DARK, true),
        }
    }

    /// A style sheet that colours the page and the element in it.
    pub fn css(&self) -> String {
        let Self { light, dark } = self;
        let rule = |colour: &str| {
            format!(
                ":root{{--link:{colour};--accent:{colour};\
                 --offprint-link:{colour};--offprint-accent:{colour}}}"
            )
        };
        // As in page.css: dark colours only where the element can ask for them.
        format!(
            "{}\n@supports (color:light-dark(red,red)){{{}}}\n",
            rule(light),
            rule(&format!("light-dark({light},{dark})"))
        )
    }
}

/// Reads a colour as CSS writes it, without transparency.
pub fn colour(text: &str) -> Result<Color, &'static str> {
    match csscolorparser::parse(text) {
        Ok(colour) if colour.a < 1.0 => Err("an accent cannot be transparent"),
        Ok(colour)
            if ![colour.r, colour.g, colour.b]
                .iter()
                .all(|part| part.is_finite()) =>
        {
            Err("the colour is out of bounds")
        }
        Ok(colour) => Ok(colour),
        Err(_) => Err("this is no colour of CSS"),
    }
}

/// The colour as it is written, before anything is done for contrast.
pub fn hex(colour: &Color) -> String {
    let [r, g, b, _] = colour.to_rgba8();
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn readable(colour: &Color, grounds: &[&str], lighter: bool) -> String {
    let [lightness, a, b, _] = colour.to_oklaba();
    let shown = hex(colour);
    if reads(&shown, grounds) {
        return shown;
    }
    let end = if lighter { 1.0 } else { 0.0 };
    for step in 1..=STEPS {
        let part = f32::from(step) / f32::from(STEPS);
        // Towards black or white colours fade, since none is both very light and vivid.
        let (now, left) = (lightness + part * (end - lightness), 1.0 - part * part);
        let shown = hex(&Color::from_oklaba(now, a * left, b * left, 1.0));
        if reads(&shown, grounds) {
            return shown;
        }
    }
    (if lighter { "#ffffff" } else { "#000000" }).to_owned()
}

fn reads(colour: &str, grounds: &[&str]) -> bool {
    grounds
        .iter()
        .all(|ground| contrast(colour, ground) >= CONTRAST)
}

/// Contrast of two colours as WCAG 2 defines it, from 1 to 21.
fn contrast(one: &str, other: &str) -> f32 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn luminance(colour: &str) -> f32 {
    let [r, g, b, _] = csscolorparser::parse(colour)
        .unwrap_or_default()
        .to_linear_rgba();
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn accent(text: &str) -> Accent {
        let colour = colour(text).unwrap();
        Accent::new(&colour, &colour)
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((contrast("#000", "#fff") - 21.0).abs() < 0.01);
        // The grey that is known to pass on white by a hair.
        assert!(contrast("#767676", "#fff") > 4.5 && contrast("#777777", "#fff") < 4.5);
    }

    #[test]
    fn every_colour_can_be_read_on_both_papers() {
        for r in [0, 51, 102, 153, 204, 255] {
            for g in [0, 51, 102, 153, 204, 255] {
                for b in [0, 51, 102, 153, 204, 255] {
                    let text = format!("#{r:02x}{g:02x}{b:02x}");
                    let Accent { light, dark } = accent(&text);
                    assert!(reads(&light, &LIGHT), "{text} gives {light}");
                    assert!(reads(&dark, &DARK), "{text} gives {dark}");
                }
            }
        }
    }

    #[test]
    fn a_colour_that_reads_stays() {
        assert_eq!(accent("#17456f").light, "#17456f");
        assert_eq!(accent("#a3c8ea").dark, "#a3c8ea");
        assert_eq!(accent("rebeccapurple").light, "#663399");
    }

    #[test]
    fn the_hue_stays() {
        let hue = |text: &str| colour(text).unwrap().to_oklcha()[2];
        let Accent { light, dark } = accent("#e07000");
        assert!((hue(&light) - hue("#e07000")).abs() < 0.15, "{light}");
        assert!((hue(&dark) - hue("#e07000")).abs() < 0.15, "{dark}");
    }

    #[test]
    fn what_is_no_colour_is_none() {
        for text in [
            "red;}",
            "red}body{display:none",
            "url(x)",
            "var(--x)",
            "",
            "#12",
            "rgb(1,2)",
            "#ff000080",
            "transparent",
            "red/*",
            "</style>",
        ] {
            assert!(colour(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_style_sheet_holds_plain_colours() {
        let css = accent("hsl(0deg 100% 50%)").css();
        let plain = |c: char| c.is_ascii_alphanumeric() || "#-:;{}(),@ \n".contains(c);
        assert!(css.chars().all(plain), "{css}");
    }
}
