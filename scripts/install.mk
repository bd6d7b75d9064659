# What a person installs: the program, its scenarios, its manual, and packages of them.

PREFIX ?= /usr/local
PKGCONFIG_FOLDER ?= lib/pkgconfig
ZSH_FOLDER ?= share/zsh/site-functions
INSTALLED_WITH = DESTDIR='$(DESTDIR)' PREFIX='$(PREFIX)' BUILD='$(BUILD)' \
                 PKGCONFIG_FOLDER='$(PKGCONFIG_FOLDER)' ZSH_FOLDER='$(ZSH_FOLDER)'

# Made anew each time: PREFIX may be another.
.PHONY: $(BUILD)/freshcheck.pc
$(BUILD)/freshcheck.pc:
	@mkdir -p $(@D)
	@sed 's|@prefix@|$(PREFIX)|; s|@version@|$(VERSION)|' packaging/freshcheck.pc.in > $@

# The manual and the completion of shells say what the program says about itself. Their date is that
# of the release, so that the same source gives the same bytes.
RELEASE_DATE = $$(sed -n '/^ -- /{s/.*>  //p;q}' packaging/debian/changelog)
MANUAL := $(BUILD)/manual/freshcheck.1
COMPLETIONS := $(BUILD)/completions/freshcheck
.PHONY: install-prerequisites
install-prerequisites:
	@scripts/install-dependencies install

$(MANUAL): $(BUILD)/freshcheck scripts/manual scripts/help_texts.py \
    docs/scenario-language.md docs/recording-format.md packaging/debian/changelog | install-prerequisites
	@rm -rf $(@D)
	@scripts/manual $< "$$(date -u -d "$(RELEASE_DATE)" +%Y-%m-%d)" $(@D)

$(COMPLETIONS): $(BUILD)/freshcheck scripts/completions scripts/help_texts.py | install-prerequisites
	@scripts/completions $< $(@D)

.PHONY: manual completions install uninstall
manual: $(MANUAL) ## pages for man, below build: man -l build/gcc/manual/freshcheck-run.1
completions: $(COMPLETIONS) ## completion of bash, zsh and fish, below build
install: all $(BUILD)/freshcheck.pc $(MANUAL) $(COMPLETIONS) ## install below PREFIX (/usr/local); DESTDIR goes before it
	@$(INSTALLED_WITH) scripts/install-files install

uninstall: $(MANUAL) ## remove what make install installed, with the same PREFIX and DESTDIR
	@$(INSTALLED_WITH) scripts/install-files uninstall

DIST := freshcheck-$(VERSION)
.PHONY: dist
dist: ## build/freshcheck-VERSION.tar.gz: what is committed, which builds on its own
	@mkdir -p build
	@git archive --format=tar --prefix=$(DIST)/ HEAD | gzip -9n > build/$(DIST).tar.gz
	@echo build/$(DIST).tar.gz

# In a folder of its own, out of the tarball: whatever else lies about here is in no package.
DEB_FOLDER ?= build/deb
.PHONY: deb
deb: dist ## build/deb/freshcheck_VERSION_ARCH.deb for Debian 12, checked by lintian
	@scripts/install-dependencies build package
	@rm -rf $(DEB_FOLDER) && mkdir -p $(DEB_FOLDER)
	@cp build/$(DIST).tar.gz $(DEB_FOLDER)/freshcheck_$(VERSION).orig.tar.gz
	@tar -x -f build/$(DIST).tar.gz -C $(DEB_FOLDER)
	@cp -r packaging/debian $(DEB_FOLDER)/$(DIST)/debian
	@cd $(DEB_FOLDER)/$(DIST) && env -u MAKEFLAGS -u MAKELEVEL -u BUILD dpkg-buildpackage -us -uc $(JOBS) >../log 2>&1 || \
	    { tail -n 40 ../log >&2; exit 1; }
	@cd $(DEB_FOLDER) && lintian --fail-on error,warning --allow-root freshcheck_*.changes
	@ls $(DEB_FOLDER)/freshcheck_*.deb

.PHONY: test-package
test-package: deb ## the package on a bare Debian 12 and the container's image, both made on the spot; as root, ten minutes
	@scripts/install-dependencies machine
	@tests/package/test_package.sh
