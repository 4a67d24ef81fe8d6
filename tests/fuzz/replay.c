// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A fuzz target without libFuzzer: runs the inputs named, or all those in a
 * folder, once each. For counting what a corpus covers, and for a debugger.
 */
#include <dirent.h>
#include <sys/stat.h>

#include "fuzz.h"

/* Where all of the daemon is linked in, "main" names the daemon's. */
#undef main

#define INPUT_MAX (1 << 20)

static unsigned long replayed;

static void replay_file(const char *path)
{
	static uint8_t buffer[INPUT_MAX];
	FILE *file = fopen(path, "rb");
	uint8_t *input;
	size_t size;

	if (!file) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	size = fread(buffer, 1, sizeof(buffer), file);
	fclose(file);
	input = malloc(size ? size : 1);
	if (!input)
		abort();
	memcpy(input, buffer, size);
	LLVMFuzzerTestOneInput(input, size);
	free(input);
	replayed++;
}

static void replay(const char *path)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;
	char name[4096];

	if (!folder) {
		replay_file(path);
		return;
	}
	while ((entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		replay(name);
	}
	closedir(folder);
}

__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

int main(int argc, char **argv)
{
	LLVMFuzzerInitialize(&argc, &argv);
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%lu inputs replayed\n", replayed);
	return EXIT_SUCCESS;
}
