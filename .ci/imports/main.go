// Command imports checks that every package of the tree keeps to its room: it imports only what the table below
// allows, leaves the environment to cmd and the clock to its caller, and has no globals.
//
// Usage: imports [DIR], where DIR holds go.mod. Every problem is printed with its file and line; one is enough to
// exit 1. Files are read whatever their build tags say.
package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Import patterns are written as go list writes them: "./cadence" is that folder of this module, "x/..." is x and
// everything below it, "..." is everything.
const (
	cron      = "github.com/robfig/cron/v3"
	holidays  = "github.com/rickar/cal/..."
	yaml      = "go.yaml.in/yaml/..."
	rrule     = "github.com/teambition/rrule-go"
	sqlite    = "modernc.org/sqlite/..."
	postgres  = "github.com/jackc/pgx/..."
	slack     = "github.com/slack-go/slack/..."
	envconfig = "github.com/kelseyhightower/envconfig"
)

// room is what one package may do. The standard library, and the package itself, need no entry in may.
type room struct {
	may   []string // imports from this module and from others
	never []string // exceptions to may and to the standard library

	readsEnvironment bool // may import envconfig and ask os for variables
	takesNow         bool // may not look at the machine's clock: now is an argument
	strictTests      bool // external tests obey too, but for *_client_test.go, which drive it with a real client
}

// rooms is the Rooms table of the house as a program.
func rooms() map[string]room {
	io := []string{"os/...", "net", "net/http/...", "database/sql/..."}
	return map[string]room{
		"cadence":            {may: []string{cron, holidays}, never: io, takesNow: true},
		"cadence/chainfile":  {may: []string{"./cadence", yaml}},
		"cadence/calendar":   {may: []string{"./cadence", rrule}},
		"cadence/transcript": {},
		"prompts":            {may: []string{"./cadence", yaml}, never: io, takesNow: true},
		"store":              {may: []string{"./cadence", "./prompts", sqlite, postgres}},
		"bot": {
			may:   []string{"./cadence/...", "./prompts", "./store", "./bot/...", slack},
			never: []string{"./bot/slacksim", "./bot/rehearse"},
		},
		"bot/blocks":        {may: []string{"./cadence", "./prompts", slack}},
		"bot/delivery":      {may: []string{"./cadence"}, never: []string{"database/sql/..."}},
		"bot/charts":        {may: plotting()},
		"bot/slacksim":      {may: []string{"..."}, never: []string{"./...", slack}, strictTests: true},
		"bot/rehearse":      {may: []string{"..."}, never: []string{"./cmd/..."}},
		"bot/rehearse/load": {may: []string{"..."}, never: []string{"./cmd/..."}},
		"cmd/threedeep": {
			may:              []string{"..."},
			readsEnvironment: true,
		},
	}
}

// plotting names the libraries that draw; golang.org/x/image holds the fonts they are given.
func plotting() []string {
	return []string{"gonum.org/v1/plot/...", "github.com/go-analyze/charts/...", "golang.org/x/image/..."}
}

// testLibraries may be imported by any test, and by nothing else.
func testLibraries() []string {
	return []string{"pgregory.net/rapid/...", "github.com/rogpeppe/go-internal/..."}
}

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	problems, err := check(root)
	if err != nil {
		fmt.Fprintln(os.Stderr, "imports:", err)
		os.Exit(2)
	}
	for _, p := range problems {
		fmt.Println(p)
	}
	if len(problems) > 0 {
		fmt.Printf("%d problems with rooms, imports or globals\n", len(problems))
		os.Exit(1)
	}
}

// check returns every problem of the tree under root, in file order.
func check(root string) ([]string, error) {
	module, err := modulePath(root)
	if err != nil {
		return nil, err
	}
	files, err := goFiles(root)
	if err != nil {
		return nil, err
	}
	var problems []string
	table, strangers := rooms(), map[string]bool{}
	for _, name := range files {
		folder := path.Dir(name)
		r, known := table[folder]
		if !known {
			if !strangers[folder] {
				problems = append(problems, fmt.Sprintf("%s: no such room: add a room to the table in .ci/imports", folder))
			}
			strangers[folder] = true
			continue
		}
		s, err := parse(root, name, module, r)
		if err != nil {
			return nil, err
		}
		problems = append(problems, s.problems()...)
	}
	return problems, nil
}

func modulePath(root string) (string, error) {
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(text)) {
		if name, ok := strings.CutPrefix(line, "module "); ok {
			return strings.TrimSpace(name), nil
		}
	}
	return "", errors.New("go.mod names no module")
}

// goFiles lists the Go files under root, slash-separated, leaving out the folders that ./... leaves out.
func goFiles(root string) ([]string, error) {
	var files []string
	tree := os.DirFS(root)
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && ignored(d.Name()):
			return fs.SkipDir
		case !d.IsDir() && strings.HasSuffix(name, ".go") && !ignored(d.Name()):
			files = append(files, name)
		}
		return nil
	})
	return files, err
}

func ignored(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "vendor"
}

// source is one parsed file and the room it stands in.
type source struct {
	room

	name   string // slash-separated, from the top of the tree
	module string
	file   *ast.File
	fset   *token.FileSet
}

func parse(root, name, module string, r room) (source, error) {
	fset := token.NewFileSet()
	text, err := fs.ReadFile(os.DirFS(root), name)
	if err != nil {
		return source{}, err
	}
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	return source{room: r, name: name, module: module, file: file, fset: fset}, err
}

func (s source) problems() []string {
	problems := s.forbiddenImports()
	if !s.isTest() {
		problems = append(problems, s.forbiddenCalls()...)
		problems = append(problems, s.globals()...)
	}
	return problems
}

func (s source) isTest() bool { return strings.HasSuffix(s.name, "_test.go") }

// free says whether the file may import what it needs. External test packages may: they stand outside the room and
// bind nobody to what they use. Tests inside the package do not: they obey the table as the package does.
func (s source) free() bool {
	external := s.isTest() && strings.HasSuffix(s.file.Name.Name, "_test")
	return external && (!s.strictTests || strings.HasSuffix(s.name, "_client_test.go"))
}

func (s source) forbiddenImports() []string {
	if s.free() {
		return nil
	}
	var problems []string
	for _, spec := range s.file.Imports {
		if name := s.local(importPath(spec)); !s.allows(name) {
			problems = append(problems, s.at(spec, "%s may not import %s", path.Dir(s.name), name))
		}
	}
	return problems
}

// allows judges an import path already in the table's spelling.
func (s source) allows(name string) bool {
	switch {
	case isStandard(name):
		// What is kept out of a pure package is I/O in what it does; its tests may read their golden files.
		return s.isTest() || !matches(s.never, name)
	case name == "./"+path.Dir(s.name):
		return true
	case matches(testLibraries(), name):
		return s.isTest()
	case name == envconfig:
		return s.readsEnvironment
	}
	return matches(s.may, name) && !matches(s.never, name)
}

// local spells a folder of this module as the table does: "./cadence".
func (s source) local(name string) string {
	if rest, ok := strings.CutPrefix(name, s.module); ok && (rest == "" || rest[0] == '/') {
		return "." + rest
	}
	return name
}

// isStandard relies on what the go command relies on: only paths of modules have a dot in their first element.
func isStandard(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return !strings.Contains(first, ".")
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		parent, below := strings.CutSuffix(pattern, "...")
		return name == strings.TrimSuffix(parent, "/") || below && strings.HasPrefix(name, parent)
	})
}

// forbiddenCalls finds the functions of the standard library that the room may not touch, called or passed on.
func (s source) forbiddenCalls() []string {
	imported := s.importedNames()
	var problems []string
	ast.Inspect(s.file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if why := s.objection(imported, sel); why != "" {
				problems = append(problems, s.at(sel, "%s", why))
			}
		}
		return true
	})
	return problems
}

func (s source) objection(imported map[string]string, sel *ast.SelectorExpr) string {
	switch name := qualified(imported, sel); name {
	case "time.Now", "time.Since", "time.Until":
		if s.takesNow {
			return fmt.Sprintf("%s: %s takes now as an argument", name, path.Dir(s.name))
		}
	case "os.Getenv", "os.LookupEnv", "os.Environ", "os.ExpandEnv", "syscall.Getenv", "syscall.Environ":
		if !s.readsEnvironment {
			return name + ": only cmd reads the environment"
		}
	}
	return ""
}

// importedNames maps the name a package has in this file to its path.
func (s source) importedNames() map[string]string {
	names := map[string]string{}
	for _, spec := range s.file.Imports {
		name := importPath(spec)
		if spec.Name != nil {
			names[spec.Name.Name] = name
		} else {
			names[path.Base(name)] = name
		}
	}
	return names
}

// qualified gives "path.Name" for a name of an imported package. A local variable that hides the package would be
// taken for it; that is bad style anyway.
func qualified(imported map[string]string, e ast.Expr) string {
	if sel, ok := e.(*ast.SelectorExpr); ok {
		if pkg, ok := sel.X.(*ast.Ident); ok && imported[pkg.Name] != "" {
			return imported[pkg.Name] + "." + sel.Sel.Name
		}
	}
	return ""
}

func importPath(spec *ast.ImportSpec) string {
	name, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return spec.Path.Value // the parser has refused the file before it comes to this
	}
	return name
}

// globals finds state that belongs to nobody: package variables, and init, which runs unasked.
func (s source) globals() []string {
	var problems []string
	for _, decl := range s.file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == "init" {
				problems = append(problems, s.at(d, "func init: call it from where it is needed"))
			}
		case *ast.GenDecl:
			problems = append(problems, s.variables(d)...)
		}
	}
	return problems
}

func (s source) variables(d *ast.GenDecl) []string {
	if d.Tok != token.VAR {
		return nil
	}
	var problems []string
	for _, spec := range d.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if ok && !embeds(d.Doc) && !embeds(v.Doc) && !isAssertion(v) && !s.isError(v) {
			problems = append(problems, s.at(v, "package variable %s: pass it to those who need it", v.Names[0].Name))
		}
	}
	return problems
}

func embeds(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool {
		return strings.HasPrefix(c.Text, "//go:embed ")
	})
}

// isAssertion recognises var _ Interface = value.
func isAssertion(v *ast.ValueSpec) bool {
	return v.Type != nil && len(v.Names) == 1 && v.Names[0].Name == "_"
}

// isError recognises var ErrX = errors.New(...), and fmt.Errorf, alone or several at a time.
func (s source) isError(v *ast.ValueSpec) bool {
	imported := s.importedNames()
	return len(v.Values) == len(v.Names) && !slices.ContainsFunc(v.Values, func(e ast.Expr) bool {
		call, ok := e.(*ast.CallExpr)
		return !ok || !slices.Contains([]string{"errors.New", "fmt.Errorf"}, qualified(imported, call.Fun))
	})
}

func (s source) at(n ast.Node, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: ", s.name, s.fset.Position(n.Pos()).Line) + fmt.Sprintf(format, args...)
}
