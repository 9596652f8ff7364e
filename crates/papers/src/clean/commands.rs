//! What LaTeX's commands mean for plain text.

/// What becomes of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// A character or two stand for it.
    Becomes(&'static str),
    /// A word of Latin: an abbreviation that papers define over and over.
    Abbreviates(&'static str),
    /// Its argument stands for it.
    Content,
    /// Its argument stands for it, in parentheses.
    Note,
    /// It changes the font of what follows.
    Switch,
    /// A blank stands for it.
    Blank,
    /// It and its arguments show nothing here.
    Nothing,
    /// Starts or ends an environment.
    Environment,
    /// `\href`.
    Href,
    /// Its first argument is a colour, its second the text.
    Colored,
    /// `\verb`, with a mark of its own choice around the text.
    Verbatim,
    /// Mathematics: left alone.
    Math,
    /// Somebody's own macro: its name is the best guess at its meaning.
    Unknown,
}

pub(super) fn command(name: &str) -> Command {
    use Command::*;
    match name {
        "ldots" | "dots" | "textellipsis" => Becomes("…"),
        "textendash" => Becomes("–"),
        "textemdash" => Becomes("—"),
        // Two of these make a double quote in the next round.
        "lq" => Becomes("`"),
        "rq" => Becomes("'"),
        "textquoteleft" => Becomes("‘"),
        "textquoteright" => Becomes("’"),
        "guillemotleft" => Becomes("«"),
        "guillemotright" => Becomes("»"),
        "textquotedblleft" => Becomes("“"),
        "textquotedblright" => Becomes("”"),
        "copyright" | "textcopyright" => Becomes("©"),
        "textregistered" => Becomes("®"),
        "texttrademark" => Becomes("™"),
        "textdegree" | "degree" => Becomes("°"),
        "pounds" | "textsterling" => Becomes("£"),
        "euro" | "texteuro" => Becomes("€"),
        "textmu" => Becomes("µ"),
        "textless" => Becomes("<"),
        "textgreater" => Becomes(">"),
        "textbar" => Becomes("|"),
        "textunderscore" => Becomes("_"),
        "TeX" => Becomes("TeX"),
        "LaTeX" | "LaTeXe" => Becomes("LaTeX"),
        "BibTeX" => Becomes("BibTeX"),

        "eg" => Abbreviates("e.g."),
        "ie" => Abbreviates("i.e."),
        "etal" => Abbreviates("et al."),
        "etc" => Abbreviates("etc."),
        "vs" => Abbreviates("vs."),
        "wrt" => Abbreviates("w.r.t."),
        "iid" => Abbreviates("i.i.d."),
        "aka" => Abbreviates("a.k.a."),

        "emph" | "textbf" | "textit" | "textrm" | "textsf" | "texttt" | "textsc" | "textsl"
        | "textnormal" | "textup" | "textmd" | "textsuperscript" | "textsubscript"
        | "underline" | "uline" | "mbox" | "hbox" | "fbox" | "url" | "path" | "nolinkurl"
        | "section" | "subsection" | "subsubsection" | "paragraph" | "title" | "enquote"
        | "uppercase" | "lowercase" | "ensuremath" => Content,
        "footnote" => Note,
        "em" | "it" | "bf" | "sc" | "tt" | "sl" | "rm" | "sf" | "itshape" | "bfseries"
        | "scshape" | "ttfamily" | "sffamily" | "rmfamily" | "upshape" | "slshape" | "mdseries"
        | "normalfont" | "small" | "tiny" | "footnotesize" | "scriptsize" | "normalsize"
        | "large" | "Large" | "LARGE" | "huge" | "Huge" => Switch,
        "newline" | "linebreak" | "par" | "noindent" | "smallskip" | "medskip" | "bigskip"
        | "quad" | "qquad" | "hfill" | "centering" | "item" | "maketitle" | "newpage"
        | "clearpage" | "pagebreak" | "protect" | "space" | "thinspace" | "enspace" => Blank,
        "cite" | "citep" | "citet" | "citealp" | "citealt" | "citeauthor" | "citeyear"
        | "citeyearpar" | "parencite" | "textcite" | "autocite" | "nocite" | "footcite" | "ref"
        | "eqref" | "autoref" | "cref" | "Cref" | "pageref" | "label" | "vspace" | "hspace"
        | "color" | "index" | "thanks" | "setcounter" => Nothing,
        "begin" | "end" => Environment,
        "href" => Href,
        "textcolor" | "colorbox" => Colored,
        "verb" => Verbatim,
        _ if is_math(name) => Math,
        _ => Unknown,
    }
}

/// Whether an environment holds mathematics.
pub(super) fn is_math_environment(name: &str) -> bool {
    matches!(
        name.trim_end_matches('*'),
        "equation"
            | "align"
            | "aligned"
            | "eqnarray"
            | "gather"
            | "multline"
            | "displaymath"
            | "math"
            | "array"
            | "matrix"
            | "pmatrix"
            | "bmatrix"
            | "cases"
            | "split"
            | "alignat"
    )
}

/// Names of the commands for mathematics that papers' titles and abstracts use. They stay where
/// they are, in dollars or bare.
fn is_math(name: &str) -> bool {
    const NAMES: &str = " \
        alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa \
        lambda mu nu xi omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi \
        omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega aleph beth hbar ell Re Im \
        wp partial nabla infty emptyset varnothing forall exists nexists neg lnot top bot angle \
        triangle square Box Diamond diamond prime backslash imath jmath flat sharp natural \
        pm mp times div cdot ast star circ bullet cap cup uplus sqcap sqcup vee wedge lor land \
        setminus wr oplus ominus otimes oslash odot bigcirc dagger ddagger amalg dag ddag \
        leq le geq ge ll gg lll ggg neq ne equiv sim simeq approx cong propto asymp doteq prec succ \
        preceq succeq subset supset subseteq supseteq subsetneq supsetneq sqsubseteq sqsupseteq in \
        ni notin not mid nmid parallel perp models vdash dashv bowtie triangleq coloneqq colon \
        lesssim gtrsim lessapprox gtrapprox leqslant geqslant eqsim thicksim thickapprox gneq \
        leftarrow rightarrow leftrightarrow Leftarrow Rightarrow Leftrightarrow longrightarrow \
        longleftarrow longleftrightarrow Longrightarrow Longleftarrow Longleftrightarrow mapsto \
        longmapsto hookrightarrow hookleftarrow uparrow downarrow updownarrow Uparrow Downarrow \
        nearrow searrow swarrow nwarrow rightharpoonup rightleftharpoons to gets iff implies \
        rightsquigarrow leadsto twoheadrightarrow xrightarrow xleftarrow upharpoonright restriction \
        left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr langle \
        rangle lfloor rfloor lceil rceil lbrace rbrace lbrack rbrack vert Vert lvert rvert lVert \
        rVert lbracket rbracket \
        sum prod coprod int iint iiint oint bigcup bigcap bigoplus bigotimes bigvee bigwedge \
        bigsqcup frac dfrac tfrac cfrac sqrt root binom dbinom tbinom choose over atop \
        overset underset stackrel substack limits nolimits operatorname \
        hat widehat tilde widetilde bar overline check breve acute grave dot ddot vec \
        overrightarrow underbrace overbrace mathring boldsymbol bm pmb \
        mathcal mathbb mathbf mathrm mathit mathsf mathtt mathfrak mathscr mathop mathbin mathrel \
        mathord mathbin cal Bbb frak scr mit displaystyle textstyle scriptstyle text rmd \
        arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim \
        liminf limsup ln log max min Pr sec sin sinh sup tan tanh argmax argmin bmod pmod mod \
        cdots vdots ddots dotsc dotsb colon lhd rhd unlhd unrhd ltimes rtimes rtimes \
        nolinebreak phantom tag nonumber hline ddagger complement because therefore ";
    // A letter alone is a set, a number field or an operator far more often than a word.
    name.len() < 2 || NAMES.split(' ').any(|math| math == name)
}
